/** Folders for the time of a start. Their names say whose they are, so that those of a process that was killed can be found. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { owner, ownerLives } from './ownership.ts'

const PREFIX = 'parity-scratch-'
/** The dash and the six characters that mkdtemp(3) adds. */
const SUFFIX_LENGTH = 7

/** An empty folder; disposing of it removes it with all that is in it. */
export async function scratchFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${encodeURIComponent(owner())}-`))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** @returns the paths of what was removed */
export async function removeAbandonedFolders(): Promise<string[]> {
  const abandoned = (await readdir(tmpdir()))
    .filter((name) => name.startsWith(PREFIX))
    .filter((name) => !ownerLives(decodeURIComponent(name.slice(PREFIX.length, -SUFFIX_LENGTH))))
    .map((name) => join(tmpdir(), name))
  await Promise.all(abandoned.map((path) => rm(path, { recursive: true, force: true })))
  return abandoned
}
