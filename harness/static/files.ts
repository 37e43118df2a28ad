/** The text files of a folder, for questions about what stands in them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const FILE_MAX_BYTES = 256 * 1024
const TOTAL_MAX_BYTES = 16 * 1024 * 1024
const NOT_OF_THE_PROJECT = new Set(['node_modules', '.git', '.venv', 'venv', '__pycache__', 'dist', 'build', '.parity'])

/** By path in the folder. What is too large, binary or unreadable is left out. */
export function textFilesIn(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  let left = TOTAL_MAX_BYTES
  const visit = (at: string): void => {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name)
      if (entry.isDirectory() && !NOT_OF_THE_PROJECT.has(entry.name)) visit(path)
      if (!entry.isFile()) continue
      const text = left > 0 ? textOf(path) : undefined
      if (text === undefined) continue
      left -= text.length
      files.set(relative(folder, path), text)
    }
  }
  visit(folder)
  return files
}

/** The same question is worked out once. */
export function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    if (!known.has(key)) known.set(key, make(key))
    return known.get(key) as T
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name))
  } catch {
    return []
  }
}

function textOf(path: string): string | undefined {
  try {
    if (statSync(path).size > FILE_MAX_BYTES) return undefined
    const text = readFileSync(path, 'utf8')
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
