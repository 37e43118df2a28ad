/**
 * What a journey takes along is the same thing on both sides, whatever each calls it: manifest 9 here, manifest 8 there.
 * Where the reference is asked once, as by events, nothing else tells such numbers from a difference.
 */
import type { Json } from '../model.ts'
import { escapeToken, isCaptured } from './json.ts'
import type { Value } from './kinds.ts'

/** What one side calls a thing, and the other. */
export type Names = [reference: string, candidate: string][]

/** What was captured at the same places of both sides. */
export function capturedOn(reference: Json, candidates: Json[]): Names {
  const own = capturedIn(reference)
  return candidates.flatMap((candidate) =>
    [...capturedIn(candidate)].flatMap(([pointer, other]): Names => {
      const name = own.get(pointer)
      return name === undefined ? [] : [[name, other]]
    }),
  )
}

/** Whether two numbers, or two texts but for words in them, are what was captured, each on its own side. */
export function sameCaptured(reference: Value, candidate: Value, names: Names): boolean {
  if (typeof reference !== typeof candidate || !['number', 'string'].includes(typeof reference)) return false
  const [parts, others] = [partsOf(reference as string | number), partsOf(candidate as string | number)]
  return (
    parts.length === others.length &&
    parts.every(
      (part, at) => part === others[at] || names.some(([name, other]) => name === part && other === others[at]),
    )
  )
}

function partsOf(value: string | number): string[] {
  return String(value).split(/([A-Za-z0-9]+)/)
}

/** By pointer. */
function capturedIn(value: Json, pointer = ''): Map<string, string> {
  if (isCaptured(value)) return new Map([[pointer, String(value.$captured)]])
  if (typeof value !== 'object' || value === null) return new Map()
  const members = Object.entries(value) as [string, Json][]
  return new Map(members.flatMap(([key, member]) => [...capturedIn(member, `${pointer}/${escapeToken(key)}`)]))
}
