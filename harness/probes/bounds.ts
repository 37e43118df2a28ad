/** Keeps long texts out of reports without keeping a difference out of them. */
import { createHash } from 'node:crypto'
import type { Json } from '../model.ts'

const MAX_LINES = 200
const MAX_LINE_LENGTH = 500
/** No error that is meant for visitors is as long, but a debug page is: with times, addresses and settings in it. */
const MAX_ERROR_LINES = 60
const FIRST_LINES = 10

/**
 * At most `MAX_LINES` lines as they are; what is cut off is compared by digest.
 * @param status of the answer
 */
export function boundedLines(all: string[], status: number): Json {
  if (status >= 400 && all.length > MAX_ERROR_LINES) {
    const firstLines = all.slice(0, FIRST_LINES).map(boundedLine)
    return { firstLines, further: 'not compared: a debug page is new each time' }
  }
  const lines = all.slice(0, MAX_LINES).map(boundedLine)
  if (all.length <= MAX_LINES) return lines
  return { lines, furtherLines: all.length - MAX_LINES, sha256OfFurther: sha256(all.slice(MAX_LINES).join('\n')) }
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function boundedLine(line: string): string {
  if (line.length <= MAX_LINE_LENGTH) return line
  return `${line.slice(0, MAX_LINE_LENGTH)}… (${line.length} characters, sha256 ${sha256(line)})`
}
