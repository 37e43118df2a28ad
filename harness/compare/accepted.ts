/** Differences that the project has looked at and wants. */
import type { AcceptedDifference, AcceptedProblem, Json } from '../model.ts'
import { equal, escapeToken, mapStrings, tokensOf, valueAt } from './json.ts'
import { masked, type Value } from './kinds.ts'
import { show } from './show.ts'

/** What one probe has seen in one candidate, both sides as they are compared. */
export interface Place {
  pointer: string
  reference?: Json
  candidate?: Json
}

/** Whether an entry speaks of this place, whatever it pins. */
export function speaksOf({ pointer, pattern }: AcceptedDifference, place: string): boolean {
  if (!pattern) return pointer === place
  const [wanted, tokens] = [tokensOf(pointer), tokensOf(place)]
  return wanted.length === tokens.length && wanted.every((token, at) => token === '*' || token === tokens[at])
}

/** Whether both sides are as they were when the difference was accepted. */
export function pins(entry: AcceptedDifference, { reference, candidate }: Place): boolean {
  return isPinned(entry.reference, reference) && isPinned(entry.candidate, candidate)
}

/** What is new each time is pinned by its kind, however long ago that was. */
function isPinned(pinned: Value, now: Value): boolean {
  if (pinned === undefined || now === undefined) return pinned === now
  return equal(mapStrings(pinned, masked), mapStrings(now, masked))
}

/** `was accepted as 1 (production 2), is now 1 (production 3)`: what moved, of a place that differs still. */
export function movedSince(entry: AcceptedDifference, now: Place, reference: string): string {
  return `was accepted as ${sides(entry, reference)}, is now ${sides(now, reference)}`
}

function sides({ reference, candidate }: { reference?: Json; candidate?: Json }, name: string): string {
  return `${show(candidate, 60)} (${name} ${show(reference, 60)})`
}

/**
 * The places of an entry where nothing differs any more because the reference has moved: what it does there is not what
 * was looked at. That is more than an entry that is not needed any longer, so it is a difference.
 */
export function movedReferences(entry: AcceptedDifference, reference: Json, candidate: Json): Place[] {
  return placesOf(entry, reference).flatMap((pointer) => {
    const now = { pointer, ...at(reference, candidate, pointer) }
    const hasMoved =
      !isPinned(entry.reference, now.reference) && holds(reference, pointer.slice(0, pointer.lastIndexOf('/')))
    return hasMoved ? [now] : []
  })
}

/** What stands at an entry's place today; nothing of a pattern, which has many. */
export function standingNow(entry: AcceptedDifference, reference: Json, candidate: Json): AcceptedProblem['now'] {
  return entry.pattern ? undefined : at(reference, candidate, entry.pointer)
}

function at(reference: Json, candidate: Json, pointer: string): { reference?: Json; candidate?: Json } {
  const [was, is] = [valueAt(reference, pointer), valueAt(candidate, pointer)]
  return { ...(was !== undefined && { reference: was }), ...(is !== undefined && { candidate: is }) }
}

function holds(value: Json, pointer: string): boolean {
  const found: Value = valueAt(value, pointer)
  return typeof found === 'object' && found !== null
}

/** The pointers of a pattern that lead somewhere. */
function placesOf({ pointer, pattern }: AcceptedDifference, value: Json): string[] {
  if (!pattern) return [pointer]
  return tokensOf(pointer).reduce<string[]>(
    (found, token) =>
      found.flatMap((before) => {
        const inside = valueAt(value, before)
        if (token !== '*') return [`${before}/${escapeToken(token)}`]
        return typeof inside === 'object' && inside !== null
          ? Object.keys(inside)
              .sort()
              .map((key) => `${before}/${escapeToken(key)}`)
          : []
      }),
    [''],
  )
}
