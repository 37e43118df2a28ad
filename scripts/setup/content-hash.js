import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Hash of files and folders: names, contents and whether they are executable. What is not there does not count. */
export function contentHash(paths) {
  const hash = createHash('sha256')
  for (const path of paths) if (existsSync(path)) add(hash, path, '')
  return hash.digest('hex')
}

function add(hash, path, relative) {
  const status = statSync(path)
  if (status.isDirectory()) {
    for (const name of readdirSync(path).sort()) add(hash, join(path, name), relative ? `${relative}/${name}` : name)
    return
  }
  const executable = status.mode & 0o100 ? 'x' : '-'
  hash.update(`${relative || basename(path)} ${executable} ${status.size}\n`).update(readFileSync(path))
}
