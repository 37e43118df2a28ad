/** How a verdict looks in a terminal. */
import { styleText } from 'node:util'
import type { Verdict } from '../model.ts'

const COLOUR = { same: 'green', accepted: 'cyan', unknown: 'yellow', different: 'red' } as const

export const SIGN = { same: '✓', accepted: '≈', unknown: '?', different: '✗' }

export function coloured(verdict: Verdict, text: string): string {
  return styleText(COLOUR[verdict], text)
}
