/** Holds a value against a zod schema and says what is wrong with it, part by part. */
import type { z } from 'zod'
import { didYouMean, nearest } from './nearest.ts'
import type { Finding, Path } from './problem.ts'
import { wording } from './wording.ts'

type Issue = z.core.$ZodIssue

export type Shape<T> = { value: T; findings: [] } | { value: undefined; findings: Finding[] }

export function checkShape<T>(schema: z.ZodType<T>, value: unknown): Shape<T> {
  const knownKeys = new Map<readonly string[], string[]>()
  const result = schema.safeParse(value, {
    reportInput: true,
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') knownKeys.set(issue.keys, Object.keys((issue.inst as z.ZodObject).shape))
      return wording(issue)
    },
  })
  if (result.success) return { value: result.data, findings: [] }
  return { value: undefined, findings: flatten(result.error.issues, [], knownKeys) }
}

type KnownKeys = Map<readonly string[], string[]>

function flatten(issues: readonly Issue[], at: Path, knownKeys: KnownKeys): Finding[] {
  const misspelt = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? meant(issue, knownKeys) : []))
  return issues.flatMap((issue): Finding[] => {
    const path = [...at, ...(issue.path as Path)]
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({
          path: [...path, key],
          message: `unknown key${didYouMean(key, unused(issue, knownKeys))}`,
          part: 'key',
        }))
      case 'invalid_key':
        return [{ path, message: issue.issues[0]?.message ?? issue.message, part: 'key' }]
      case 'invalid_union': {
        const branch = bestBranch(issue.errors, knownKeys)
        return branch ? flatten(branch, path, knownKeys) : [{ path, message: issue.message }]
      }
      default:
        // Whoever misspelt a key that is required made one mistake, not two.
        if (issue.input === undefined && misspelt.includes(JSON.stringify(issue.path))) return []
        return [{ path, message: issue.message }]
    }
  })
}

type UnknownKeys = Issue & { code: 'unrecognized_keys' }

function unused(issue: UnknownKeys, knownKeys: KnownKeys): string[] {
  const present = Object.keys(issue.input ?? {})
  return (knownKeys.get(issue.keys) ?? []).filter((key) => !present.includes(key))
}

/** The paths (as JSON) of the keys that the unknown ones were meant to be. */
function meant(issue: UnknownKeys, knownKeys: KnownKeys): string[] {
  return issue.keys
    .map((key) => nearest(key, unused(issue, knownKeys)))
    .filter((key) => key !== undefined)
    .map((key) => JSON.stringify([...issue.path, key]))
}

/** The one alternative of a union that the writer had in mind, if that can be told. */
function bestBranch(branches: readonly Issue[][], knownKeys: KnownKeys): Issue[] | undefined {
  const ranked = branches
    .filter((issues) => !issues.some(isAnotherKind))
    .map((issues) => ({ issues, misfit: misfit(issues, knownKeys) }))
    .sort((a, b) => a.misfit - b.misfit)
  const [first, second] = ranked
  return first && first.misfit !== second?.misfit ? first.issues : undefined
}

/** A string where this alternative is a map, and the like. */
function isAnotherKind(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
}

/** Keys that do not belong, and keys that are not there, weigh more than a wrong value under the right key. */
function misfit(issues: Issue[], knownKeys: KnownKeys): number {
  const misspelt = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? meant(issue, knownKeys) : []))
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const missing = issues.filter((issue) => issue.path.length === 1 && issue.input === undefined)
  return 100 * (unknown.length + missing.length - 2 * misspelt.length) + issues.length
}
