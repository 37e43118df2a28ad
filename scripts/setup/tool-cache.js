// Programs of a pinned version, each in a folder of the user's cache, where nothing of the system is touched.
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Lets `fill` put a program into an empty folder, which takes its final name only when that has worked: what is found in the
 * cache is whole.
 *
 * @param {string} folder
 * @param {(empty: string) => Promise<void>} fill
 */
export async function intoCache(folder, fill) {
  mkdirSync(dirname(folder), { recursive: true })
  const partial = mkdtempSync(`${folder}.partial-`)
  try {
    await fill(partial)
    rmSync(folder, { recursive: true, force: true })
    renameSync(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}
