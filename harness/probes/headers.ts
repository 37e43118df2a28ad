/** The headers that a deployment is judged by, in a form in which equal meanings are equal. */
import type { Json } from '../model.ts'
import { type Answer, headerOf } from './request.ts'

const COMPARED = new Set([
  'allow',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-security-policy',
  'content-security-policy-report-only',
  'content-type',
  'location',
  'permissions-policy',
  'referrer-policy',
  'retry-after',
  'strict-transport-security',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-frame-options',
])
const COMPARED_FAMILIES = ['access-control-', 'cross-origin-']

/** Lists whose order means nothing (RFC 9110, Fetch), with names in which case means nothing either. */
const SETS_OF_NAMES = new Set([
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-expose-headers',
  'allow',
  'vary',
])

/** @param further names to compare beside the usual ones */
export function comparedHeaders(answer: Answer, further: string[] = []): { [name: string]: Json } {
  const asked = new Set(further.map((name) => name.toLowerCase()))
  const names = Object.keys(answer.headers).filter(
    (name) => COMPARED.has(name) || asked.has(name) || COMPARED_FAMILIES.some((family) => name.startsWith(family)),
  )
  return Object.fromEntries(names.sort().map((name) => [name, comparable(name, headerOf(answer, name) as string)]))
}

/** `Text/HTML;charset="UTF-8"` → `text/html; charset=utf-8`; quotes around a token mean nothing (RFC 9110, 5.6.6). */
export function mediaType(contentType: string): string {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim())
  return [type.toLowerCase(), ...parameters.filter(Boolean).map(parameter)].join('; ')
}

function parameter(text: string): string {
  const [name = '', ...rest] = text.split('=').map((part) => part.trim())
  const value = rest.join('=').replace(/^"([\w.+-]+)"$/, '$1')
  return `${name.toLowerCase()}=${name.toLowerCase() === 'charset' ? value.toLowerCase() : value}`
}

function comparable(name: string, value: string): Json {
  if (name === 'content-type') return mediaType(value)
  if (!SETS_OF_NAMES.has(name)) return value
  const items = value.split(',').map((item) => item.trim().toLowerCase())
  return [...new Set(items.filter(Boolean))].sort()
}
