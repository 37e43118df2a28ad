/** Writes evidence beside the reports: as a folder to look into, and as an archive to attach to an issue. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'

const FOLDER = 'evidence'
const ARCHIVE = 'evidence.tar.gz'

export async function removeEvidence(output: string): Promise<void> {
  await Promise.all([FOLDER, ARCHIVE].map((name) => rm(join(output, name), { recursive: true, force: true })))
}

/** @param files texts by path below the folder. @returns the paths of folder and archive; none when there is no evidence */
export async function writeEvidence(files: Record<string, string>, output: string): Promise<string[]> {
  const entries = Object.entries(files).map(([name, text]) => [safe(name), text] as const)
  if (entries.length === 0) return []
  for (const [name, text] of entries) {
    const file = join(output, FOLDER, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await writeFile(join(output, ARCHIVE), await archive(entries))
  return [join(output, FOLDER), join(output, ARCHIVE)]
}

async function archive(entries: (readonly [string, string])[]): Promise<Buffer> {
  const tar = pack()
  for (const [name, text] of entries) tar.entry({ name: `${FOLDER}/${name}` }, text)
  tar.finalize()
  return buffer(tar.pipe(createGzip()))
}

/** Names of roles, pods and releases come from the project: none of them may lead out of the folder. */
function safe(path: string): string {
  const parts = path.split('/').map((part) => part.replace(/[^\w.@+-]/g, '_'))
  return parts.filter((part) => !/^\.*$/.test(part)).join('/')
}
