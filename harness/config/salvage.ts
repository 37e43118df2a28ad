/**
 * What can be used of a file in spite of its problems, so that all of them come out at once: the parts that do not
 * have the right shape are left out, then what cannot stand without them, until the rest fits.
 */
import type { z } from 'zod'
import type { Finding, Path } from './problem.ts'
import { checkShape } from './shape.ts'

export interface Reading<T> {
  /** The part of the file that has the right shape. */
  settings: T
  /** The keys that stand under a path of the file, those with a problem included. */
  written(path: Path): string[]
  /** From a path in `settings` to the same place in the file, where lists may be longer. */
  inFile(path: Path): Path
}

/**
 * What was found wrong with the shape, and the part that can be read; undefined when nothing is left.
 * @param lenient The same schema, except that it gets by without the keys that the whole cannot stand without.
 */
export function read<T>(
  schema: z.ZodType<T>,
  value: unknown,
  lenient = schema,
): { findings: Finding[]; reading: Reading<T> | undefined } {
  // An alias is the same object in several places; here each place needs its own.
  const rest: unknown = value === null || value === undefined ? value : JSON.parse(JSON.stringify(value))
  const indices: Indices = new Map()
  let shape = checkShape(schema, rest)
  const { findings } = shape
  while (shape.value === undefined) {
    if (!leaveOut(rest, shape.findings, indices)) return { findings, reading: undefined }
    shape = checkShape(lenient, rest)
  }
  const inFile = (path: Path) => {
    let node = rest
    return path.map((key) => {
      const original = indices.get(node)?.[key as number] ?? key
      node = (node as Record<string, unknown> | undefined)?.[key]
      return original
    })
  }
  const reading: Reading<T> = {
    settings: shape.value,
    written: (path) => keysOf(follow(value, path)),
    inFile,
  }
  return { findings, reading }
}

/** Of each list that lost items: the places that the remaining ones have in the file. */
type Indices = Map<unknown, number[]>

/** @returns false when the whole value would have to go. */
function leaveOut(root: unknown, findings: Finding[], indices: Indices): boolean {
  const doomed = new Map<unknown, Set<string | number>>()
  for (const { path } of findings) {
    const place = deepest(root, path)
    if (!place) return false
    doomed.set(place.parent, (doomed.get(place.parent) ?? new Set()).add(place.key))
  }
  for (const [parent, keys] of doomed) {
    if (Array.isArray(parent)) {
      const kept = [...parent.keys()].filter((index) => !keys.has(index))
      const before = indices.get(parent) ?? [...parent.keys()]
      indices.set(
        parent,
        kept.map((index) => before[index] as number),
      )
      parent.splice(0, parent.length, ...kept.map((index) => parent[index]))
    } else {
      for (const key of keys) delete (parent as Record<string, unknown>)[key]
    }
  }
  return true
}

/** The last part of a path that exists; undefined when that is the root. */
function deepest(root: unknown, path: Path): { parent: unknown; key: string | number } | undefined {
  let found: { parent: unknown; key: string | number } | undefined
  let node = root
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) break
    found = { parent: node, key }
    node = (node as Record<string, unknown>)[key]
  }
  return found
}

function follow(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown> | null | undefined)?.[key], root)
}

function keysOf(node: unknown): string[] {
  return typeof node === 'object' && node !== null && !Array.isArray(node) ? Object.keys(node) : []
}
