/** What zod found, in words for somebody who writes YAML. */
import type { z } from 'zod'
import { didYouMean } from './nearest.ts'

type RawIssue = z.core.$ZodRawIssue
type Schema = z.core.$ZodType

/** The message for one issue; where the schema has a message of its own, zod prefers that one. */
export function wording(issue: RawIssue): string {
  const { input } = issue
  if (input === undefined)
    return `is missing${issue.code === 'invalid_value' ? `; must be ${oneOf(issue.values)}` : ''}`
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}, is ${found(input)}${remedy(issue.expected, input)}`
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}, is ${found(input)}${guess(input, issue.values)}`
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, is ${input}`
        : `must not be empty`
    case 'too_big':
      return `must be at most ${issue.maximum}, is ${input}`
    case 'invalid_format':
      return `must ${FORMATS[issue.format]?.(issue) ?? `match ${issue.pattern}`}, is ${found(input)}`
    case 'invalid_union':
      return unionWording(issue)
    default:
      return `is not valid: ${found(input)}`
  }
}

const KINDS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

const FORMATS: Record<string, (issue: Record<string, unknown>) => string> = {
  starts_with: ({ prefix }) => `start with "${prefix}"`,
  date: () => 'be a date such as 2027-05-01',
}

function unionWording(issue: RawIssue & { code: 'invalid_union' }): string {
  const { input, discriminator } = issue
  if (discriminator === undefined) {
    const union = issue.inst as z.core.$ZodUnion
    const literals = union._zod.def.options.flatMap((option) => [...(option._zod.values ?? [])])
    return `must be ${expectation(union)}, is ${found(input)}${keysOf(input)}${guess(input, literals)}`
  }
  const chosen = (input as Record<string, unknown>)[discriminator]
  const options = (issue.options as unknown[] | undefined) ?? []
  if (chosen === undefined) return `is missing; must be ${oneOf(options)}`
  return `must be ${oneOf(options)}, is ${found(chosen)}${guess(chosen, options)}`
}

function expectation(schema: Schema): string {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'literal':
      return oneOf(def.values)
    case 'object': {
      const required = Object.entries(def.shape).filter(([, member]) => member._zod.optin === undefined)
      return `a map with ${required.map(([name]) => name).join(' and ')}`
    }
    case 'union':
      return either(def.options.map(expectation))
    default:
      return KINDS[def.type] ?? def.type
  }
}

function found(input: unknown): string {
  if (input === null) return 'empty'
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'object') return 'a map'
  return typeof input === 'string' ? JSON.stringify(input) : `the ${typeof input} ${input}`
}

function keysOf(input: unknown): string {
  const keys = typeof input === 'object' && input !== null ? Object.keys(input) : []
  return keys.length > 0 ? ` with ${keys.join(' and ')}` : ''
}

function remedy(expected: string, input: unknown): string {
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) return ': quote it'
  const isQuotedNumber = typeof input === 'string' && input.trim() !== '' && Number.isFinite(Number(input))
  return (expected === 'number' || expected === 'int') && isQuotedNumber ? ': take the quotes off' : ''
}

function guess(input: unknown, values: readonly unknown[]): string {
  if (typeof input !== 'string') return ''
  if (values.some((value) => typeof value !== 'string' && String(value) === input)) return ': take the quotes off'
  return didYouMean(
    input,
    values.filter((value) => typeof value === 'string'),
  )
}

function oneOf(values: readonly unknown[]): string {
  return either(values.map((value) => JSON.stringify(value)))
}

function either(phrases: string[]): string {
  return phrases.length < 2 ? phrases.join() : `${phrases.slice(0, -1).join(', ')} or ${phrases.at(-1)}`
}
