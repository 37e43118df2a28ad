/** The package's version, wherever its package.json is: the built code stands one folder deeper. */
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

export function version(): string {
  const file = findPackageJSON(import.meta.url)
  return file ? JSON.parse(readFileSync(file, 'utf8')).version : 'unknown'
}
