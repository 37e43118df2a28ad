// Programs from Go modules: what the module proxy serves is checked against go.sum or Go's checksum database.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled, run, SetupError } from './command.js'

/** Set-up leaves the other cores of the machine to whoever works on it. */
const CORES = 2
const modules = fileURLToPath(new URL('../kind/node-image/', import.meta.url))

/**
 * @typedef {{ name: string, version: string, package: string, module?: string, variables?: Record<string, string> }} Program
 *   `module` is a folder of scripts/kind/node-image/ whose go.mod says which modules; without it the package's own does.
 *   `variables` are set by the linker.
 */

/**
 * Builds a static program, named after itself, into a folder.
 * @param {Program} program
 */
export async function build({ name, version, package: path, module, variables = {} }, folder, progress) {
  await requireGo(`${name} ${version}`)
  const linker = [
    '-s',
    '-w',
    ...Object.entries(variables).flatMap(([variable, value]) => ['-X', `${variable}=${value}`]),
  ]
  // Without -buildvcs=false a program of ours would change with every commit here.
  const flags = ['-v', '-buildvcs=false', '-p', String(CORES), '-trimpath', '-ldflags', linker.join(' ')]
  const env = { ...process.env, CGO_ENABLED: '0', GOMAXPROCS: String(CORES), GOBIN: folder }
  const go = (args, cwd) => run('nice', ['go', ...args], { cwd, env, onLine: progress })
  if (module) await go(['build', ...flags, '-o', join(folder, name), path], join(modules, module))
  else await go(['install', ...flags, `${path}@${version}`], tmpdir())
}

/** Downloads a module. @returns {Promise<string>} the folder with its files */
export async function moduleFolder(path, version, progress) {
  await requireGo(`${path} ${version}`)
  return JSON.parse(
    await run('go', ['mod', 'download', '-json', `${path}@${version}`], { cwd: tmpdir(), onLine: progress }),
  ).Dir
}

async function requireGo(what) {
  if (await isInstalled('go')) return
  throw new SetupError(
    `${what} has to be built here, as it could not be downloaded, and Go is not installed.\n` +
      "Install Go 1.26 or later (https://go.dev/doc/install; Debian's own is older, but one from 1.21 on fetches the newer\n" +
      'toolchain itself where GOTOOLCHAIN=auto) and run `npm run setup` again.',
  )
}
