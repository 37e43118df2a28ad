/** Where observations of the same question part. */

import type { Json } from '../model.ts'
import { canonical, equal, escapeToken, isCaptured, isError, isObject, isRemark, mapStrings } from './json.ts'
import { alike, masked, type Value } from './kinds.ts'

/** One place, with what each observation of both sides holds there, in order of time; undefined where it has nothing. */
export interface Parting {
  /** RFC 6901 */
  pointer: string
  references: Value[]
  candidates: Value[]
  /** A list whose order varies by itself; its members have been compared as those of a set. */
  isSet?: true
}

/**
 * Goes as deep as all observations have the same shape, and stops at errors, which are partings even where all agree.
 * Arrays of different lengths part as a whole: an item added in front is one difference, not one for each item behind it.
 */
export function diff(references: Value[], candidates: Value[], pointer = ''): Parting[] {
  const all = [...references, ...candidates]
  if (all.some(isError)) return [{ pointer, references, candidates }]
  if (all.every(isPlainObject)) return diffObjects(references as JsonObject[], candidates as JsonObject[], pointer)
  if (all.every(Array.isArray) && all.every(({ length }) => length === (all[0] as Json[]).length)) {
    return diffArrays(references as Json[][], candidates as Json[][], pointer)
  }
  return all.every((value) => equal(value, all[0])) ? [] : [{ pointer, references, candidates }]
}

type JsonObject = { [key: string]: Json }

function isPlainObject(value: Value): value is JsonObject {
  return isObject(value) && !isRemark(value) && !isCaptured(value)
}

function diffObjects(references: JsonObject[], candidates: JsonObject[], pointer: string): Parting[] {
  const [first, second] = [references.map(withComparableKeys), candidates.map(withComparableKeys)]
  const keys = [...new Set([...first, ...second].flatMap((object) => Object.keys(object)))].sort()
  const at = (key: string) => (object: JsonObject) => own(object, key)
  return keys.flatMap((key) => diff(first.map(at(key)), second.map(at(key)), `${pointer}/${escapeToken(key)}`))
}

function diffArrays(references: Json[][], candidates: Json[][], pointer: string): Parting[] {
  const isSet = isReordered(references) || isReordered(candidates)
  const [first, second] = isSet ? [references.map(sorted), candidates.map(sorted)] : [references, candidates]
  const at = (index: number) => (array: Json[]) => array[index]
  const inside = (first[0] ?? []).flatMap((_, index) =>
    diff(first.map(at(index)), second.map(at(index)), `${pointer}/${index}`),
  )
  return isSet ? [{ pointer, references, candidates, isSet }, ...inside] : inside
}

/** Whether one side has seen the same members in another order by itself. */
function isReordered(arrays: Json[][]): boolean {
  const [first] = arrays
  return arrays.some(
    (array) => !alike(array, first) && equal(sorted(array).map(mask), sorted(first as Json[]).map(mask)),
  )
}

function sorted(array: Json[]): Json[] {
  const order = new Map(array.map((item) => [item, canonical(mask(item))]))
  return [...array].sort((a, b) => compareText(order.get(a) as string, order.get(b) as string))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function mask(value: Json): Json {
  return mapStrings(value, masked)
}

/** Members under names that are new each time (`results by UUID`) are compared one by one, in their order. */
function withComparableKeys(object: JsonObject): JsonObject {
  if (Object.keys(object).every((key) => masked(key) === key)) return object
  const named: JsonObject = Object.create(null)
  for (const [key, member] of Object.entries(object).sort(([a], [b]) => compareText(a, b))) {
    let name = masked(key)
    for (let count = 2; Object.hasOwn(named, name); count++) name = `${masked(key)} (${count})`
    named[name] = member
  }
  return named
}

/** Not `object[key]`: an application may well have a member called `constructor`. */
function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
