/**
 * Values that are new each time, recognised by their kind. Kinds are compared, never dropped: a UUID against an
 * integer is a difference.
 */
import type { Json } from '../model.ts'
import { canonical, equal, isObject, mapStrings } from './json.ts'
import { sameMoments, TIME_PATTERNS, timeForm } from './times.ts'

export type Value = Json | undefined

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi

/** Kinds that count as new only where the value was seen to vary by itself. */
const VARYING: [kind: string, pattern: RegExp][] = [
  ['host and port', /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b|\b[a-z][\w.-]*:\d{2,5}\b/gi],
  ['token', /\b(?:eyJ[\w-]+\.[\w-]+\.[\w-]*|secret:[0-9a-f]{12}|(?=[\w-]*\d)[\w-]{12,}(?:[+/=][\w+/=-]*)?)(?![\w-])/g],
  ['duration', /\b\d+(?:\.\d+)? ?(?:[mµn]?s|sec(?:ond)?s?|min(?:ute)?s?|hours?)\b/g],
  ['number', /\d+(?:\.\d+)?/g],
]

/** Numbers that stand for something else than an amount: what they vary to always matters. */
const CODE_NAME = /^(?:status|code|errno)$|(?:[a-z]C|[_-]c)ode$|(?:[a-z]S|[_-]s)tatus$/
const ID_NAME = /^(?:id|pk|uid)$|(?:[_-]i|[a-z]I)d$|(?:_|-)pk$/
const DURATION_NAME = /seconds|millis|duration|elapsed|latency|uptime|took|_ms$/i

/** A text with what is new each time replaced by its kind: `created <time 9999-99-99T99:99:99Z>`. */
export function masked(text: string): string {
  const withoutTimes = TIME_PATTERNS.reduce(
    (result, pattern) => result.replace(pattern, (match) => `<time ${timeForm(match)}>`),
    text,
  )
  return withoutTimes.replace(UUID, '<UUID>')
}

/** Equal but for what is new each time. Times must be of the time of the run, not a shifted clock. */
export function alike(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return a === b
  if (typeof a === 'number' && typeof b === 'number') return a === b || (isEpoch(a) && isEpoch(b) && sameMoments(a, b))
  if (typeof a === 'string' && typeof b === 'string') return a === b || (masked(a) === masked(b) && sameMoments(a, b))
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => alike(item, b[at]))
  if (!isObject(a) || !isObject(b)) return a === b
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && alike(a[key], b[key] as Json))
  )
}

/** The kind of a value that varies by itself. Equal kinds are as much as can be asked of two such values. */
export function kindOf(value: Value): Json {
  if (value === undefined) return '(absent)'
  if (value === null) return '(null)'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') {
    return VARYING.reduce((text, [kind, pattern]) => text.replace(pattern, `<${kind}>`), masked(value))
  }
  if (Array.isArray(value)) {
    const kinds = new Map(value.map((item) => [canonical(kindOf(item)), kindOf(item)]))
    return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind)
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [masked(key), kindOf(member)]))
}

/**
 * Whether a value could be one more of those that vary. A duration of exactly one second is an integer in JSON, so an
 * integer may stand among fractions.
 */
export function isOfKind(value: Value, others: Value[]): boolean {
  const kind = kindOf(value)
  return others.some((other) => equal(kindOf(other), kind) || (kindOf(other) === 'number' && kind === 'integer'))
}

/** Status, exit and error codes: they are numbers, but no amounts. */
export function isCode(pointer: string): boolean {
  return CODE_NAME.test(nameOf(pointer))
}

/**
 * The name of the kind of values that vary, or undefined when they have none: two words, a state, a switch.
 * @param values in order of time
 */
export function nameOfKind(values: Value[], pointer: string): string | undefined {
  const [first] = values
  if (values.some((value) => !isOfKind(value, [first]) && !isOfKind(first, [value]))) return undefined
  if (values.every((value) => typeof value === 'number')) return nameOfNumbers(values as number[], pointer)
  if (typeof first === 'string') return placeholderIn(kindOf(first) as string)
  if (Array.isArray(first)) return first.length ? 'list of varying length' : undefined
  return isObject(first) ? 'object of varying values' : undefined
}

function nameOfNumbers(values: number[], pointer: string): string | undefined {
  if (isCode(pointer)) return undefined
  if (values.every(isEpoch)) return 'time'
  if (ID_NAME.test(nameOf(pointer))) return 'id'
  if (DURATION_NAME.test(nameOf(pointer)) || values.some((value) => !Number.isInteger(value))) return 'duration'
  return values.every((value, at) => at === 0 || value >= (values[at - 1] as number))
    ? 'count that only grows'
    : 'number'
}

function placeholderIn(kind: string): string | undefined {
  const found = /<(time|UUID|host and port|token|duration|number)\b/.exec(kind)?.[1]
  return found === 'UUID' ? 'id' : found
}

/** What kind of new value tells two alike values apart. */
export function nameOfNew(value: Value): string {
  let found: string | undefined
  if (value !== undefined)
    mapStrings(value, (text) => {
      found ??= placeholderIn(masked(text))
      return text
    })
  return found ?? 'time'
}

function isEpoch(value: number): boolean {
  const seconds = value > 1e11 ? value / 1000 : value
  return seconds > 1.6e9 && seconds < 2.1e9
}

function nameOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1)
}
