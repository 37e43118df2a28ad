/** Names of variables, settings and packages, as their differences have them. */
import { distance } from 'fastest-levenshtein'
import type { Json } from '../../model.ts'
import type { Trouble } from './trouble.ts'

const MISSPELT_MAX_DISTANCE = 2

/** `DEBUG` of `/web/environment/DEBUG`, `django` of `/python/web/installed/django/version`. */
export function nameOf({ family, tokens, shape }: Trouble): string {
  const at = ['environment', 'environmentChanged', 'settings', 'rolesDiffer', 'installed']
    .map((name) => shape.indexOf(name))
    .find((index) => index >= 0)
  if (at !== undefined && tokens[at + 1] !== undefined) return tokens[at + 1] as string
  return family === 'settings' ? (tokens.at(-1) ?? '') : (tokens[1] ?? tokens[0] ?? '')
}

/** One name with a prefix more, or misspelt: `APP_ALLOWED_HOSTS` and `ALLOWED_HOSTS`, `CORS_ORIGIN` and `CORS_ORIGINS`. */
export function sameNameApart(a: string, b: string): boolean {
  if (a === b) return true
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  if (shorter.length < 5) return false
  return longer.endsWith(`_${shorter}`) || distance(a, b) <= MISSPELT_MAX_DISTANCE
}

/**
 * A variable by which the platform tells a container of a neighbour, unasked: `DB_SERVICE_HOST`, `DB_PORT_5432_TCP_ADDR`.
 * `DB_PORT` is one by its value only. Source: Kubernetes, "Discovering services", and the links of Docker before it.
 */
export function isServiceLink(name: string, value: Json | undefined): boolean {
  if (/_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?$/.test(name))
    return true
  return name.endsWith('_PORT') && typeof value === 'string' && /^(?:tcp|udp|sctp):\/\//.test(value)
}
