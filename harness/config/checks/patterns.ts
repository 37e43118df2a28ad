/** Regular expressions compile, JSON Pointers are well-formed. */
import { checkExpression, checkPointer } from '../notation.ts'
import type { Finding } from '../problem.ts'
import type { Subject } from './index.ts'
import { stepListsOf } from './requests.ts'

export function* checkPatterns({ settings }: Subject): Generator<Finding> {
  for (const [index, pattern] of settings.secrets.entries()) yield* checkExpression(pattern, ['secrets', index])
  for (const [index, pattern] of (settings.openapi?.skip ?? []).entries()) {
    yield* checkExpression(pattern, ['openapi', 'skip', index])
  }
  for (const { steps, path: list } of stepListsOf(settings)) {
    for (const [index, { capture, until }] of steps.entries()) {
      const at = [...list, index]
      if (until) yield* checkPointer(until.pointer, [...at, 'until', 'pointer'])
      for (const [name, from] of Object.entries(capture)) {
        const path = [...at, 'capture', name]
        if (typeof from === 'string') yield* checkPointer(from, path)
        else if ('regex' in from) yield* checkExpression(from.regex, [...path, 'regex'], { needsGroup: true })
      }
    }
  }
}
