/**
 * What differs without meaning anything: the addresses that an environment happens to have, and values of a kind that
 * is new each time. Kinds are compared, never dropped: a UUID against an integer is a difference.
 */
import type { Environment, Json } from '../model.ts'
import { equal, isObject, mapStrings } from './json.ts'

/** Replaces the addresses of an environment's services by the services' roles: `http://<web>/api/`. */
export function withoutAddresses(value: Json, environment: Environment): Json {
  const services = Object.values(environment.services)
  const hostPorts = services.flatMap(({ role, baseUrl }) => (baseUrl ? [[new URL(baseUrl).host, role] as const] : []))
  const aliases = services.flatMap(({ role, aliases }) => aliases.map((alias) => [alias, role] as const))
  const roleOf = new Map([...aliases, ...hostPorts].map(([name, role]) => [name.toLowerCase(), role]))
  const literal = (names: (readonly [string, string])[]) =>
    names
      .map(([name]) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .sort((a, b) => b.length - a.length)
      .join('|')
  const published = hostPorts.length ? new RegExp(`\\b(?:${literal(hostPorts)})\\b`, 'gi') : undefined
  // A service's name is only an address where the text says so: `//name`, `@name` or `name:port`.
  const named = aliases.length
    ? new RegExp(`(?<=//|@)(?:${literal(aliases)})(?=[:/]|$)|\\b(?:${literal(aliases)})(?=:\\d{2,5}\\b)`, 'gi')
    : undefined
  const role = (match: string) => `<${roleOf.get(match.toLowerCase())}>`
  return mapStrings(value, (text) => {
    const outside = published ? text.replace(published, role) : text
    return named ? outside.replace(named, role) : outside
  })
}

/** True when both strings are nothing but names of the same service, each in its own environment. */
export function sameService(a: Json | undefined, of: Environment, b: Json | undefined, inOther: Environment): boolean {
  const roleOf = (name: Json | undefined, environment: Environment) =>
    Object.values(environment.services).find(({ aliases }) => typeof name === 'string' && aliases.includes(name))?.role
  const role = roleOf(a, of)
  return role !== undefined && role === roleOf(b, inOther)
}

/** Kinds that are new each time wherever they stand: no two environments agree on them, so they are masked everywhere. */
const ALWAYS_NEW: [kind: string, pattern: RegExp][] = [
  ['time', /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g],
  [
    'HTTP date',
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT\b/g,
  ],
  ['UUID', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi],
]

/** Kinds that count as new only where the reference itself was seen to vary. */
const VARYING: [kind: string, pattern: RegExp][] = [
  ['token', /\b(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{12,}\b/g],
  ['number', /\d+(?:\.\d+)?/g],
]

/** A text with what is new each time replaced by its kind: `created <time>`. The time's own form is kept. */
export function masked(text: string): string {
  return ALWAYS_NEW.reduce(
    (result, [kind, pattern]) => result.replace(pattern, (match) => `<${kind}${form(kind, match)}>`),
    text,
  )
}

/** `2026-11-24T01:02:03Z` and `2026-11-24 01:02:03.004` are not the same kind of time. */
function form(kind: string, match: string): string {
  return kind === 'time'
    ? ` ${match
        .replace(/\.\d+/, '.s')
        .replace(/\d/g, '9')
        .replace(/[+-]99:?99$/, '±99:99')}`
    : ''
}

/** The kind of a value that varies by itself. Equal kinds are as much as can be asked of two such values. */
export function kindOf(value: Json | undefined): Json {
  if (value === undefined) return 'absent'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') {
    return VARYING.reduce((text, [kind, pattern]) => text.replace(pattern, `<${kind}>`), masked(value))
  }
  if (Array.isArray(value)) {
    const kinds: Json[] = []
    for (const item of value) if (!kinds.some((kind) => equal(kind, kindOf(item)))) kinds.push(kindOf(item))
    return kinds.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  }
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, kindOf(member)]))
  return 'null'
}
