/** From a body to JSON that can be compared and read: JSON as it is, HTML by what a visitor gets, text by lines. */
import type { Json } from '../model.ts'
import { boundedLines, sha256 } from './bounds.ts'
import { mediaType } from './headers.ts'
import { comparableHtml } from './html.ts'
import { type Answer, headerOf } from './request.ts'

/** Larger bodies are compared by digest. */
const MAX_COMPARED_BYTES = 256 * 1024

export function comparableBody(answer: Answer): Json {
  const { body } = answer
  if (body.length === 0) return 'empty'
  const type = mediaType(headerOf(answer, 'content-type') ?? 'unknown')
  const text = body.length <= MAX_COMPARED_BYTES ? asText(body) : undefined
  if (text === undefined) return digest(body, type)
  if (/^[^;]*[/+]json\b/.test(type)) {
    const json = parsed(text)
    return json !== undefined ? json : { notJson: lines(text, answer.status) }
  }
  if (/^(?:text\/html|application\/xhtml\+xml)\b/.test(type)) return comparableHtml(text, answer.status)
  return lines(text, answer.status)
}

/** For answers to HEAD and OPTIONS, whose bodies say nothing or describe the framework. */
export function emptiness({ body }: Answer): Json {
  return body.length === 0 ? 'empty' : 'not empty'
}

/** Undefined when the text is not JSON. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function lines(text: string, status: number): Json {
  return boundedLines(text.trimEnd().split(/\r?\n/), status)
}

/** Undefined for what is not text: not UTF-8, or with control characters. */
function asText(body: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells binary content from text
    return /[\x00-\x08\x0e-\x1a]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

function digest(body: Buffer, type: string): Json {
  return { sha256: sha256(body), sizeBytes: body.length, type }
}
