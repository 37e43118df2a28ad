// What this machine's own apt configuration knows: its Debian release, its mirror, and packages of trixie by way of that mirror.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, SetupError } from './command.js'

const TRIXIE = 13
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** The major number of this Debian, or 0 on any other system. */
export function debianRelease() {
  const { ID, VERSION_ID } = osRelease()
  return ID === 'debian' ? Number(VERSION_ID ?? TRIXIE) : 0
}

export function hasTrixiePackages() {
  return debianRelease() >= TRIXIE
}

function osRelease() {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8').split('\n')
    return Object.fromEntries(
      lines.map((line) => line.split('=')).map(([key, value]) => [key, value?.replace(/^"|"$/g, '')]),
    )
  } catch {
    return {}
  }
}

/**
 * The lines of a sources.list for a suite, such as trixie, from the mirrors that this machine itself installs from.
 * @returns {Promise<string[]>}
 */
export async function suiteSources(suite) {
  const format = '$(SITE) $(RELEASE) $(COMPONENT)'
  const targets = await run('apt-get', [
    'indextargets',
    '--no-release-info',
    '--format',
    format,
    'Created-By: Packages',
  ])
  const mirrors = targets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , component]) => component === 'main')
  const own = [osRelease().VERSION_CODENAME, 'stable', 'oldstable', 'testing', 'trixie']
  const siteOf = (suffix) => mirrors.find(([, release]) => own.some((name) => release === name + suffix))?.[0]
  const main = siteOf('')
  if (!main) {
    throw new SetupError(
      "No Debian mirror found in this machine's apt configuration (`apt-get indextargets`).\nGive apt one and run `npm run setup` again.",
    )
  }
  const security = siteOf('-security')
  const line = (site, suite) => `deb [signed-by=${KEYRING}] ${site} ${suite} main`
  return [line(main, suite), line(main, `${suite}-updates`), ...(security ? [line(security, `${suite}-security`)] : [])]
}

/**
 * Downloads packages of trixie, checked against its signature, without touching the machine's own apt lists.
 * @returns {Promise<{ files: string[], path: string, remove(): void }>}
 */
export async function downloadFromTrixie(packages, progress) {
  const path = mkdtempSync(join(tmpdir(), 'parity-trixie-'))
  const remove = () => rmSync(path, { recursive: true, force: true })
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'parts'])
      mkdirSync(join(path, folder), { recursive: true })
    writeFileSync(join(path, 'parts', 'trixie.list'), `${(await suiteSources('trixie')).join('\n')}\n`)
    const settings = {
      'Dir::Etc::SourceList': '/dev/null',
      'Dir::Etc::SourceParts': join(path, 'parts'),
      'Dir::State::Lists': join(path, 'lists'),
      'Dir::Cache': join(path, 'cache'),
      // Apt's own unprivileged user cannot write here; what is downloaded is checked by signature.
      'APT::Sandbox::User': 'root',
    }
    const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
    await run('apt-get', [...options, 'update'], { onLine: progress })
    await run('apt-get', [...options, 'download', ...packages], { cwd: path, onLine: progress })
    const files = readdirSync(path)
      .filter((name) => name.endsWith('.deb'))
      .map((name) => join(path, name))
    return { files, path, remove }
  } catch (error) {
    remove()
    throw error
  }
}
