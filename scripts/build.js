// What `npm pack` puts into the package beside bin/ and schema/: Node strips no types below node_modules, so dist/ has harness/
// as JavaScript with its types, and scripts/ as they are.
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['--project', 'tsconfig.package.json'], {
  cwd: root,
  stdio: 'inherit',
})
/** @param {RegExp} left what the package does without */
const copy = (folder, left) =>
  cpSync(join(root, folder), join(dist, folder), { recursive: true, filter: (path) => !left.test(basename(path)) })
// Scripts that run inside services, styles, whatever else stands beside the code.
copy('harness', /\.tsx?$|^__pycache__$/)
copy('scripts', /(?<!\.d)\.ts$|^bench$|^verify$|^build\.js$|^test.*\.js$/)
