import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { textFilesIn } from '../../files.ts'
import type { FaultFinder } from './release.ts'

/**
 * Values that are set, by the chart or by parity.yaml, and that stand in none of its templates.
 * Charts that hand all values on at once are left alone: nobody can tell there.
 */
export const unreadValues: FaultFinder = ({ folder, valuesFiles, setPaths }) => {
  const files = [...textFilesIn(folder)]
  const templates = files
    .filter(([path]) => /(^|\/)templates\//.test(path) && !path.startsWith('charts/'))
    .map(([, text]) => text)
  const text = templates.join('\n')
  if (HANDED_ON.test(text)) return []
  const read = [
    ...[...text.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path]) => (path as string).slice(1)),
    ...[...text.matchAll(/\bindex\s+\$?\w*\.Values((?:\s+"[^"]+")+)/g)].map(([, keys]) =>
      [...(keys as string).matchAll(/"([^"]+)"/g)].map(([, key]) => key).join('.'),
    ),
  ]
  const ofDependencies = dependenciesOf(folder)
  const isRead = (path: string) => read.some((each) => within(path, each) || within(each, path))
  const written = [
    ...[join(folder, 'values.yaml'), ...valuesFiles].flatMap((file) => leavesOf(valuesIn(file))),
    ...setPaths,
  ]
  return [...new Set(written)].filter((path) => !isRead(path) && !ofDependencies.includes(path.split('.')[0] as string))
}

/** `.Values` as a whole, but for looking one key up in it. */
const HANDED_ON = /(?<!\b(?:index|hasKey|dig|get)\b[^\n{}]*)\.Values(?![.\w])/

function dependenciesOf(folder: string): string[] {
  const { dependencies = [] } = parse(readFileSync(join(folder, 'Chart.yaml'), 'utf8')) as {
    dependencies?: { name: string; alias?: string }[]
  }
  const nested = [...textFilesIn(join(folder, 'charts')).keys()].map((path) => path.split('/')[0] as string)
  return ['global', ...dependencies.flatMap(({ name, alias }) => [name, alias ?? name]), ...nested]
}

function valuesIn(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

function leavesOf(value: unknown, path = ''): string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const members = isMap ? Object.entries(value) : []
  if (members.length === 0) return path === '' ? [] : [path]
  return members.flatMap(([key, member]) => leavesOf(member, path === '' ? key : `${path}.${key}`))
}

function within(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`)
}
