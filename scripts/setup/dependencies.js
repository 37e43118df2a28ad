import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attempt, run, SetupError } from './command.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const stamp = join(root, 'node_modules', '.parity-installed')

/** What the harness's own dependencies ask for; npm puts node_modules/.bin first on the path of its scripts. */
const LEAST_NODE = [22, 22]

/** @type {import('../setup.js').Step} */
export const dependencies = {
  name: 'npm dependencies',
  why: 'what package-lock.json names, among it a Node that is new enough for npm scripts',

  async check() {
    // Inside a package: npm has installed it, with what it needs.
    if (!existsSync(join(root, 'package-lock.json'))) return []
    const present = readIfThere(stamp) === wanted()
    return [{ item: 'npm dependencies', present, detail: present ? 'as package-lock.json says' : whyMissing() }]
  },

  async run([finding], activity) {
    await activity('npm dependencies', finding.detail, async ({ progress, outcome }) => {
      progress('npm ci')
      await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, onLine: progress })
      const version = await installedNode()
      writeFileSync(stamp, wanted())
      outcome(`installed, as ${finding.detail}; npm scripts run on Node ${version}`)
    })
  },
}

/** Binaries differ by platform, so a node_modules that was carried to another one does not count. */
function wanted() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

function whyMissing() {
  return readIfThere(stamp) === undefined
    ? 'node_modules is missing or not made by set-up'
    : 'package-lock.json has changed'
}

async function installedNode() {
  const node = join(root, 'node_modules', '.bin', 'node')
  const { code, stdout, output } = await attempt(node, ['--version'])
  const [major, minor] = stdout.trim().replace(/^v/, '').split('.').map(Number)
  if (code === 0 && (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]))) return stdout.trim()
  throw new SetupError(
    `npm ci ended well, but node_modules/.bin/node is not a Node of at least ${LEAST_NODE.join('.')}: ${output.trim()}\n` +
      'The install script of the npm package "node" puts it there. See that `npm config get ignore-scripts` is false and that\n' +
      '"allowScripts" in package.json names "node", then run `npm run setup` again.',
  )
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
