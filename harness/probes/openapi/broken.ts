/** One broken value for each constraint of a JSON Schema: what validation has to refuse. */
import type { Schema } from './document.ts'

export interface Broken {
  /** `tracking_number: longer than 12` */
  name: string
  body: unknown
}

type Members = Record<string, unknown>

/** @param valid a body that meets all constraints */
export function brokenBodies(schema: Schema, valid: unknown): Broken[] {
  if (!isObject(valid)) return []
  const writable = Object.entries(schema.properties ?? {}).filter(([, { readOnly }]) => !readOnly)
  const missing = (schema.required ?? [])
    .filter((name) => writable.some(([other]) => other === name))
    .map((name) => ({ name: `${name}: missing`, body: without(valid, name) }))
  const wrong = writable.flatMap(([name, property]) =>
    brokenValues(property).map(({ what, value }) => ({ name: `${name}: ${what}`, body: { ...valid, [name]: value } })),
  )
  return [...missing, ...wrong, { name: 'a list in place of an object', body: [valid] }]
}

/** Values that break one constraint each, in words. */
export function brokenValues(schema: Schema): { what: string; value: unknown }[] {
  const { maxLength, minLength, maximum, minimum, format, pattern, enum: choices } = schema
  const type = [schema.type].flat()[0]
  const broken: { what: string; value: unknown }[] = []
  const add = (what: string, value: unknown) => broken.push({ what, value })
  if (typeof maxLength === 'number' && maxLength < LONGEST) {
    add(`longer than ${maxLength}`, 'x'.repeat(maxLength + 1))
  }
  if (typeof minLength === 'number' && minLength > 0) add(`shorter than ${minLength}`, 'x'.repeat(minLength - 1))
  if (typeof maximum === 'number') add(`above ${maximum}`, maximum + 1)
  if (typeof minimum === 'number') add(`below ${minimum}`, minimum - 1)
  if (choices) add('none of the choices', 'none-of-the-choices')
  if (typeof format === 'string' && CHECKED_FORMATS.includes(format)) add(`no ${format}`, `no ${format}`)
  if (typeof pattern === 'string') add(`does not match ${pattern}`, '\u00a7 \u00a7')
  if (type === 'integer' || type === 'number') add('a word in place of a number', 'word')
  if (type === 'boolean') add('a word in place of a boolean', 'word')
  if (type === 'array') add('a word in place of a list', 'word')
  if (type === 'object') add('a word in place of an object', 'word')
  if (!schema.nullable && ![schema.type].flat().includes('null')) add('null', null)
  return broken
}

const LONGEST = 100_000
const CHECKED_FORMATS = ['date', 'date-time', 'time', 'email', 'uuid', 'uri', 'ipv4', 'ipv6', 'decimal']

function without(members: Members, name: string): Members {
  return Object.fromEntries(Object.entries(members).filter(([other]) => other !== name))
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
