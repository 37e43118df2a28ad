/** Keeps long texts out of reports without keeping a difference out of them. */
import { createHash } from 'node:crypto'
import type { Json } from '../model.ts'

const MAX_LINES = 200
const MAX_LINE_LENGTH = 500

/** At most `MAX_LINES` lines as they are; what is cut off is compared by digest. */
export function boundedLines(all: string[]): Json {
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
