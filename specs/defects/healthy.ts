/** What the healthy application answers, saved by the content of the application and of what asks it. */
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import type { Config } from '../../harness/config/load.ts'
import { application, type Seen, see } from './plant.ts'

/** By environment; all of an environment's observations are from one start of it. */
export type Healthy = Record<string, Seen>

const root = join(import.meta.dirname, '../..')

/** Names of environments, and of the probes that each of them must have been asked. */
export type Asked = Map<string, Set<string>>

/** Starts those environments that are not saved yet, or that were asked less than is wanted. */
export async function healthy(config: Config, wanted: Asked, signal: AbortSignal): Promise<Healthy> {
  const file = await savedFile()
  const saved = await read(file)
  for (const [environment, probes] of wanted) {
    const known = saved[environment]?.asked ?? []
    if ([...probes].every((probe) => known.includes(probe))) continue
    const asked = [...new Set([...known, ...probes])]
    const seen = await see(config, environment, asked, signal)
    saved[environment] = { ...seen, asked }
    await write(file, saved)
  }
  return saved
}

type Saved = Record<string, Seen & { asked: string[] }>

async function savedFile(): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'parity/defects')
  await mkdir(folder, { recursive: true })
  return join(folder, `${await contentHash()}.json`)
}

/** Of everything that could change an answer: the application, the probes, and what starts environments. */
async function contentHash(): Promise<string> {
  const ours = globSync('harness/{probes,environments}/**/*.*', { cwd: root }).map((file) => join(root, file))
  const theirs = globSync('**/*', {
    cwd: application,
    exclude: (name) => ['node_modules', '.parity', '__pycache__'].includes(name),
  }).map((file) => join(application, file))
  const hash = createHash('sha256')
  for (const file of [...ours, join(root, 'harness/observe.ts'), ...theirs].sort()) {
    const content = await readFile(file).catch((error) => {
      if (error.code !== 'EISDIR') throw error
    })
    if (content) hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}

async function read(file: string): Promise<Saved> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

async function write(file: string, saved: Saved): Promise<void> {
  await writeFile(`${file}.${process.pid}`, JSON.stringify(saved))
  await rename(`${file}.${process.pid}`, file)
}
