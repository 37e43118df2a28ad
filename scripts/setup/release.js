// Programs as their publishers release them.
import { createHash } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, SetupError } from './command.js'

/** How long a download site may take to answer before a program is built from its sources. */
const SITE_SECONDS = 10

/**
 * Downloads a program, or an archive that has it, into a folder.
 *
 * @param {string} name
 * @param {import('../kind/releases.js').Release} release
 * @param {string} folder
 * @returns {Promise<string | undefined>} what was met instead, when the site cannot be had
 * @throws {SetupError} when what came is not what was released
 */
export async function download(name, { url, sha256, member }, folder) {
  const { response, said } = await ask(url)
  if (!response) return said
  const content = Buffer.from(await response.arrayBuffer())
  const found = createHash('sha256').update(content).digest('hex')
  if (found !== sha256) {
    throw new SetupError(
      `Downloading ${url}: its SHA-256 is ${found}, pinned is ${sha256}.\nRun \`npm run setup\` again.`,
    )
  }
  const file = join(folder, member ? 'archive.tar.gz' : name)
  writeFileSync(file, content)
  if (member) {
    const depth = member.split('/').length - 1
    await run('tar', ['-xzf', file, '-C', folder, `--strip-components=${depth}`, member])
    rmSync(file)
  }
  chmodSync(join(folder, name), 0o755)
  return undefined
}

/** The site has to begin its answer soon; the rest may take as long as it comes. */
async function ask(url) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${SITE_SECONDS} s`)), SITE_SECONDS * 1000)
  try {
    const response = await fetch(url, { signal: controller.signal })
    return response.ok ? { response } : { said: `${url}: HTTP ${response.status}` }
  } catch (error) {
    return { said: `${url}: ${error.cause?.message ?? error.message}` }
  } finally {
    clearTimeout(timer)
  }
}
