/** Values that a journey takes from one step's answer into later steps. They are new in every run. */

import { mapStrings, valueAt } from '../compare/json.ts'
import type { Capture } from '../config/schema.ts'
import type { Json } from '../model.ts'
import { parsed } from './body.ts'
import { type Answer, headerOf } from './request.ts'

/** Shorter values are ordinary words that would be replaced where they mean something else. */
const MASKED_MIN_LENGTH = 4

/**
 * Undefined when there is nothing at that place.
 * @param cookie looks a cookie up by its name
 */
export function capturedFrom(
  capture: Capture,
  answer: Answer,
  cookie: (name: string) => string | undefined,
): Json | undefined {
  if (typeof capture === 'string') return valueAt(jsonOf(answer), capture)
  if ('header' in capture) return headerOf(answer, capture.header)
  if ('cookie' in capture) return cookie(capture.cookie)
  return new RegExp(capture.regex).exec(answer.body.toString())?.[1]
}

/** Where a capture looks, in words. */
export function placeOf(capture: Capture): string {
  if (typeof capture === 'string') return `at ${capture} in the body`
  if ('header' in capture) return `in the header ${capture.header}`
  if ('cookie' in capture) return `in the cookie ${capture.cookie}`
  return `in the body that matches ${capture.regex}`
}

/** Undefined when the body is not JSON. */
export function jsonOf(answer: Answer): Json | undefined {
  return parsed(answer.body.toString())
}

/** Whether a captured value is a number that stands in answers as it is, not by its name. */
export function isPlainNumber(value: Json): value is number | string {
  return (
    typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value) && value.length < MASKED_MIN_LENGTH)
  )
}

/**
 * Shows captured texts as `<name>` wherever they turn up. Numbers stay: the judge sees whether they vary by themselves.
 * @param isSecretName values under such names are replaced however short they are
 */
export function withCapturedNames(
  seen: { [name: string]: Json },
  captured: readonly (readonly [name: string, value: Json])[],
  isSecretName: (name: string) => boolean,
): { [name: string]: Json } {
  const masked = captured
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .filter(([name, text]) => text.length >= (isSecretName(name) ? 1 : MASKED_MIN_LENGTH))
    .sort(([, a], [, b]) => b.length - a.length)
    .flatMap(([name, text]) => [...new Set([text, encodeURIComponent(text)])].map((form) => ({ name, form })))
    .map(({ name, form }) => ({ mask: `<${name}>`, pattern: wholeWord(form) }))
  const replaced = (text: string) =>
    masked.reduce((result, { mask, pattern }) => result.replace(pattern, () => mask), text)
  return Object.fromEntries(Object.entries(seen).map(([name, part]) => [name, mapStrings(part, replaced)]))
}

/** The form of what was captured, which is to be the same everywhere: `/files/<number>/report.txt`. */
export function formOf(value: Json): string {
  if (typeof value !== 'string') return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
  return value
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<uuid>')
    .replace(/(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{12,}/g, '<token>')
    .replace(/(?<!<[a-z]*)\d+/g, '<number>')
}

function wholeWord(text: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z0-9])`, 'g')
}
