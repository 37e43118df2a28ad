/** JSON values: equality, pointers, and the nodes that stand for an error. */
import type { Captured, Json, ObservedError, Remark } from '../model.ts'

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isError(value: Json | undefined): value is ObservedError {
  return isObject(value) && typeof value.$error === 'string'
}

export function isRemark(value: Json | undefined): value is Remark {
  return isObject(value) && typeof value.$remark === 'string'
}

export function isCaptured(value: Json | undefined): value is Captured {
  return isObject(value) && (typeof value.$captured === 'number' || typeof value.$captured === 'string')
}

/** Equal as JSON: the order of an object's members means nothing, that of an array does. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]))
}

/** As text, the same for equal values. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, member: Json) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  )
}

/** The tokens of a JSON Pointer (RFC 6901). */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** RFC 6901. Undefined when there is nothing at the pointer. */
export function valueAt(value: Json | undefined, pointer: string): Json | undefined {
  return tokensOf(pointer).reduce<Json | undefined>((at, token) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, token)
      ? (at as { [key: string]: Json })[token]
      : undefined
  }, value)
}

/** RFC 6901 */
export function escapeToken(token: string | number): string {
  return String(token).replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Rebuilds a value with every string replaced. */
export function mapStrings(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replace))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [replace(key), mapStrings(member, replace)]))
}
