#!/usr/bin/env node
// `parity` for whatever Node runs it: where that one is too old, a newer one from npm takes its place. Plain JavaScript for Node 18.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LEAST = [22, 22]
const NEWER = '24.21.0'

/** In the repository the source itself; a package has no source. */
const source = new URL('../harness/cli/main.ts', import.meta.url)
const main = existsSync(source) ? source : new URL('../dist/harness/cli/main.js', import.meta.url)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) await import(main.href)
else process.exitCode = onNewerNode()

function onNewerNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const node = `node-${platform}-${process.arch}@${NEWER}`
  process.stderr.write(`parity: Node ${process.version} is older than ${LEAST.join('.')}, so it runs on ${node}\n`)
  // Ctrl-C is for the program that runs; this one only waits for it.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {})
  const args = ['--yes', '--quiet', `--package=${node}`, '--', 'node', fileURLToPath(main), ...process.argv.slice(2)]
  const { status, error } = spawnSync('npx', args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== null) return status
  if (error)
    process.stderr.write(`parity: npx could not be run (${error.message}); install Node ${LEAST.join('.')} or newer\n`)
  return 2
}
