/** Everything that parity.yaml names on this machine is there. */
import { type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { NamedFile } from '../../environments/rules/index.ts'
import type { Finding } from '../problem.ts'
import { environmentsOf } from './environments.ts'
import type { Subject } from './index.ts'

export function* checkFiles(subject: Subject): Generator<Finding> {
  for (const { rules, section } of environmentsOf(subject)) {
    for (const named of rules.files(section)) {
      const message = fault(named, subject.directory)
      if (message) yield { path: named.path, message }
    }
  }
}

function fault({ file, type, holding }: Omit<NamedFile, 'path'>, directory: string): string | undefined {
  const found = statSync(resolve(directory, file), { throwIfNoEntry: false })
  if (!found) return `${file} does not exist`
  if (!isOfType(found, type)) return `${file} is not a ${type}`
  return holding === undefined ? undefined : fault({ file: join(file, holding), type: 'file' }, directory)
}

function isOfType(found: Stats, type: NamedFile['type']): boolean {
  return type === 'folder' ? found.isDirectory() : type === 'file' ? !found.isDirectory() : true
}
