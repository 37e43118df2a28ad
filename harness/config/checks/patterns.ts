/** Regular expressions compile, JSON Pointers are well-formed. */
import { checkExpression, checkPointer } from '../notation.ts'
import type { Finding } from '../problem.ts'
import type { Subject } from './index.ts'

export function* checkPatterns({ settings }: Subject): Generator<Finding> {
  for (const [index, pattern] of settings.secrets.entries()) yield* checkExpression(pattern, ['secrets', index])
  for (const [journey, steps] of Object.entries(settings.journeys)) {
    for (const [index, { capture, until }] of steps.entries()) {
      const at = ['journeys', journey, index]
      if (until) yield* checkPointer(until.pointer, [...at, 'until', 'pointer'])
      for (const [name, from] of Object.entries(capture)) {
        const path = [...at, 'capture', name]
        if (typeof from === 'string') yield* checkPointer(from, path)
        else if ('regex' in from) yield* checkExpression(from.regex, [...path, 'regex'], { needsGroup: true })
      }
    }
  }
}
