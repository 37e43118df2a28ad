/** Where two JSON values part. */
import type { Json } from '../model.ts'
import { equal, escapeToken, isError, isObject } from './json.ts'

export interface Parting {
  /** RFC 6901 */
  pointer: string
  reference?: Json
  candidate?: Json
}

/**
 * Goes as deep as both sides have the same shape. Arrays of different lengths part as a whole: an item added in front
 * is one difference, not one for each item behind it.
 */
export function diff(reference: Json | undefined, candidate: Json | undefined, pointer = ''): Parting[] {
  if (equal(reference, candidate)) return []
  if (isObject(reference) && isObject(candidate) && !isError(reference) && !isError(candidate)) {
    const keys = [...new Set([...Object.keys(reference), ...Object.keys(candidate)])].sort()
    return keys.flatMap((key) => diff(own(reference, key), own(candidate, key), `${pointer}/${escapeToken(key)}`))
  }
  if (Array.isArray(reference) && Array.isArray(candidate) && reference.length === candidate.length) {
    return reference.flatMap((item, index) => diff(item, candidate[index], `${pointer}/${index}`))
  }
  return [{ pointer, ...(reference !== undefined && { reference }), ...(candidate !== undefined && { candidate }) }]
}

/** Errors that stand at the same place on both sides and read the same. */
export function sharedErrors(reference: Json | undefined, candidate: Json | undefined, pointer = ''): Parting[] {
  if (isError(reference) && equal(reference, candidate)) return [{ pointer, reference, candidate }]
  if (isObject(reference) && isObject(candidate)) {
    return Object.keys(reference).flatMap((key) =>
      sharedErrors(reference[key], own(candidate, key), `${pointer}/${escapeToken(key)}`),
    )
  }
  if (Array.isArray(reference) && Array.isArray(candidate)) {
    return reference.flatMap((item, index) => sharedErrors(item, candidate[index], `${pointer}/${index}`))
  }
  return []
}

/** Not `object[key]`: an application may well have a member called `constructor`. */
function own(object: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
