/** Text in a notation of its own: regular expressions and JSON Pointers. */
import type { Finding, Path } from './problem.ts'

/** RFC 6901: `~` only as `~0` (for `~`) and `~1` (for `/`). */
export const JSON_POINTER = /^(\/([^~/]|~[01])*)*$/

export function* checkExpression(pattern: string, path: Path, { needsGroup = false } = {}): Generator<Finding> {
  try {
    // With an empty alternative it matches anything, and the match shows how many groups there are.
    const groups = (new RegExp(`${new RegExp(pattern).source}|`).exec('')?.length ?? 1) - 1
    if (needsGroup && groups === 0) yield { path, message: 'has no group ( ) around the part to capture' }
  } catch (error) {
    yield { path, message: `is not a regular expression: ${(error as Error).message}` }
  }
}

export function* checkPointer(pointer: string, path: Path): Generator<Finding> {
  if (JSON_POINTER.test(pointer)) return
  const reason =
    pointer.startsWith('/') || pointer === '' ? 'write ~ as ~0 and / inside a name as ~1' : 'it starts with /'
  yield { path, message: `is not a JSON Pointer (RFC 6901): ${reason}` }
}
