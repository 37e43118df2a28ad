/** Whether a place where observations part is a difference, noise, or cannot be told. The rules stand in ARCHITECTURE.md. */
import type { Verdict } from '../model.ts'
import type { Parting } from './diff.ts'
import { isCaptured, isError, isRemark } from './json.ts'
import { alike, isCode, isOfKind, nameOfKind, nameOfNew, type Value } from './kinds.ts'
import { show } from './show.ts'

export type Decision =
  /** `kind`: of what is new each time there, `reason`: how that was recognised. */
  | { kind: string; reason: string }
  /** `seen`: the candidate's value that tells. */
  | { verdict: Exclude<Verdict, 'same' | 'accepted'>; seen: Value; reason?: string }

export interface Sides {
  reference: string
  candidate: string
  /** Whether two texts are names of the same service, each in its own environment. */
  isSameService(reference: Value, candidate: Value): boolean
  /** Whether both say the same but for what a journey has captured, in each environment something else. */
  isSameCaptured(reference: Value, candidate: Value): boolean
}

/** Observations of one side in order of time. */
export function decide({ pointer, references, candidates, isSet }: Parting, sides: Sides): Decision {
  const [was, is] = [references[0], candidates[0]]
  if (isSet)
    return {
      kind: 'order of a set',
      reason: `${varying(references) ? sides.reference : sides.candidate} has the same members in another order each time`,
    }
  if ([...references, ...candidates].every(isRemark)) {
    return { kind: 'remark', reason: 'seen in another way, whatever was seen' }
  }
  if ([...references, ...candidates].every((value) => isCaptured(value) && isOfKind(value, [was]))) {
    return { kind: 'id', reason: CAPTURED }
  }
  if ([...references, ...candidates].some(isError) || isCode(pointer))
    return decideExactly(references, candidates, sides)
  if (candidates.every((value) => references.every((other) => sides.isSameService(other, value)))) {
    return { kind: 'name of the same service', reason: 'each environment calls it by a name of its own' }
  }
  if (candidates.every((value) => references.every((other) => alike(other, value)))) {
    return { kind: nameOfNew(was), reason: 'new each time, of the same kind on both sides' }
  }
  if (references.length === 1 && candidates.every((value) => sides.isSameCaptured(was, value))) {
    return { kind: 'id', reason: CAPTURED }
  }
  if (varying(references)) return decideAgainstVarying({ pointer, references, candidates }, sides)

  const differing = candidates.filter((value) => !alike(value, was))
  if (differing.length < candidates.length) return seenOnce(differing[0], sides)
  const kind = varying(candidates) ? nameOfKind(candidates, pointer) : undefined
  if (kind === undefined || !isOfKind(was, candidates)) return { verdict: 'different', seen: is }
  if (COUNTED.includes(kind)) {
    return {
      verdict: 'unknown',
      seen: is,
      reason: `it changes by itself in ${sides.candidate} (then ${show(candidates.at(-1))}) and stands still in ${sides.reference}`,
    }
  }
  return { kind, reason: `varies in ${sides.candidate} itself, and is of the same kind in ${sides.reference}` }
}

const CAPTURED = 'a step has captured it: each environment has its own'

/** What a deployment does once too often shows in such numbers alone, so they are noise only where the reference varies. */
const COUNTED = ['count that only grows', 'number']

/** Errors and codes have no kinds: each value counts for itself. */
function decideExactly(references: Value[], candidates: Value[], sides: Sides): Decision {
  const [was, is] = [references[0], candidates[0]]
  const isReferences = (value: Value) => references.some((other) => alike(value, other))
  const foreign = candidates.filter((value) => !isReferences(value))
  if (foreign.length && foreign.length < candidates.length) return seenOnce(foreign[0], sides)
  if (foreign.length) return { verdict: 'different', seen: is }
  if (varying(references)) {
    const answers = references.map((value) => show(value, 60)).join(', then ')
    return { verdict: 'unknown', seen: is, reason: `${sides.reference} itself has ${answers}` }
  }
  return isError(was)
    ? { verdict: 'unknown', seen: is, reason: 'both sides met the same error, so nothing can be said' }
    : { kind: 'time', reason: 'new each time, of the same kind on both sides' }
}

function decideAgainstVarying({ pointer, references, candidates }: Parting, sides: Sides): Decision {
  const isReferences = (value: Value) => references.some((other) => alike(value, other))
  const kind = nameOfKind(references, pointer)
  if (candidates.every(isReferences)) {
    return {
      kind: kind ?? 'one of several values',
      reason: `${sides.reference} itself has had this value among others`,
    }
  }
  const foreign = candidates.filter(
    (value) => !isReferences(value) && !(kind !== undefined && isOfKind(value, references)),
  )
  if (foreign.length === 0)
    return {
      kind: kind as string,
      reason: `varies in ${sides.reference} itself, and is of the same kind on both sides`,
    }
  const isOfOtherType = foreign.every((value) =>
    references.every((other) => typeof other !== typeof value || other === null),
  )
  if (kind === undefined && !isOfOtherType) {
    return {
      verdict: 'unknown',
      seen: foreign[0],
      reason: `varies in ${sides.reference} itself, in no way that is recognised`,
    }
  }
  return foreign.length < candidates.length ? seenOnce(foreign[0], sides) : { verdict: 'different', seen: foreign[0] }
}

function seenOnce(seen: Value, { candidate }: Sides): Decision {
  return { verdict: 'unknown', seen, reason: `seen once in two observations of ${candidate}` }
}

function varying(values: Value[]): boolean {
  return values.some((value) => !alike(value, values[0]))
}
