/** Regular expressions compile, JSON Pointers are well-formed. */
import type { Finding, Path } from '../problem.ts'
import type { Subject } from './index.ts'

/** RFC 6901: `~` only as `~0` (for `~`) and `~1` (for `/`). */
export const JSON_POINTER = /^(\/([^~/]|~[01])*)*$/

export function* checkPatterns({ settings }: Subject): Generator<Finding> {
  for (const [index, pattern] of settings.secrets.entries()) yield* checkExpression(pattern, ['secrets', index])
  for (const [name, environment] of Object.entries(settings.environments)) {
    if (environment.kind !== 'containers') continue
    for (const [role, { ready }] of Object.entries(environment.services)) {
      if (typeof ready !== 'object' || !('log' in ready)) continue
      yield* checkExpression(ready.log, ['environments', name, 'services', role, 'ready', 'log'])
    }
  }
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

function* checkExpression(pattern: string, path: Path, { needsGroup = false } = {}): Generator<Finding> {
  try {
    // With an empty alternative it matches anything, and the match shows how many groups there are.
    const groups = (new RegExp(`${new RegExp(pattern).source}|`).exec('')?.length ?? 1) - 1
    if (needsGroup && groups === 0) yield { path, message: 'has no group ( ) around the part to capture' }
  } catch (error) {
    yield { path, message: `is not a regular expression: ${(error as Error).message}` }
  }
}

function* checkPointer(pointer: string, path: Path): Generator<Finding> {
  if (JSON_POINTER.test(pointer)) return
  const reason =
    pointer.startsWith('/') || pointer === '' ? 'write ~ as ~0 and / inside a name as ~1' : 'it starts with /'
  yield { path, message: `is not a JSON Pointer (RFC 6901): ${reason}` }
}
