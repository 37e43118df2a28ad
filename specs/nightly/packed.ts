/** What `npm pack` gives, installed in a small project outside this repository. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ExecOptions, exec } from '../../harness/exec.ts'
import { root } from '../unit/documents.ts'

/** Disposing of it removes it; environments that were left up in it are not taken down. */
export async function packedProject() {
  const folder = await mkdtemp(join(tmpdir(), 'parity-packed-'))
  const { stdout } = await exec(['npm', 'pack', '--silent', '--pack-destination', folder], { cwd: root })
  await cp(join(import.meta.dirname, 'packed'), folder, { recursive: true })
  // Its name is the project's name.
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'packed', private: true, type: 'module' }))
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  // As they are here: what a release of today asks for is not what this is about.
  const tools = ['vitest', 'vite'].map((name) => `${name}@${lock.packages[`node_modules/${name}`].version}`)
  const packages = [`./${stdout.trim()}`, ...tools]
  await exec(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], { cwd: folder })
  return {
    folder,
    run: (command: string[], options?: ExecOptions) => exec(command, { cwd: folder, accept: 'any', ...options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
