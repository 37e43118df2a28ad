/**
 * parity.accepted.yaml: the differences that the project has looked at and wants.
 * The published JSON Schema (schema/accepted.schema.json) is made from this file.
 */
import { z } from 'zod'
import type { AcceptedDifference, Json } from '../model.ts'
import { didYouMean } from './nearest.ts'
import { JSON_POINTER } from './notation.ts'
import type { Finding } from './problem.ts'
import type { Reading } from './salvage.ts'

const json: z.ZodType<Json> = z.json() as never

const difference = z.strictObject({
  pointer: z
    .string()
    .regex(JSON_POINTER, 'is not a JSON Pointer (RFC 6901)')
    .describe('JSON Pointer into the observation'),
  reference: json.optional().describe("The reference's value; left out when the reference has nothing there"),
  candidate: json.optional().describe("The environment's value; left out when it has nothing there"),
  pattern: z
    .literal(true)
    .optional()
    .describe('`*` in the pointer stands for any one member; both values hold for each'),
})

const entry = z.strictObject({
  reason: z.string().trim().min(1).describe('Why this difference is wanted'),
  review: z.iso.date().describe('The day by which somebody looks at it again, for example 2027-05-01'),
  probe: z.string().min(1).describe('Name of the probe, as in the report'),
  environment: z.string().describe('The environment that differs from the reference'),
  differences: z.array(difference).min(1),
})

export const acceptedDifferences = z
  .array(entry)
  .describe('Differences from the reference that are wanted, both values pinned')

export type AcceptedFile = z.output<typeof acceptedDifferences>

export function flatten(entries: AcceptedFile): AcceptedDifference[] {
  return entries.flatMap(({ reason, review, probe, environment, differences }) =>
    differences.map((difference) => ({ probe, environment, ...difference, reason, review })),
  )
}

/** @param environments Those of parity.yaml. @param reference The one that the others are judged against. */
export function* checkAccepted(
  { settings, written, inFile }: Reading<AcceptedFile>,
  environments: string[],
  reference: string | undefined,
): Generator<Finding> {
  const known = new Set<string>()
  for (const [index, { probe, environment, differences }] of settings.entries()) {
    if (!environments.includes(environment)) {
      yield {
        path: [index, 'environment'],
        message: `there is no environment "${environment}"${didYouMean(environment, environments)} (environments: ${environments.join(', ')})`,
      }
    } else if (environment === reference) {
      yield {
        path: [index, 'environment'],
        message: `${environment} is the reference itself; name the one that differs from it`,
      }
    }
    for (const [place, { pointer }] of differences.entries()) {
      const path = [index, 'differences', place]
      // A misspelt side is told as that.
      if (written(inFile(path)).every((key) => key === 'pointer')) {
        yield { path, message: 'must have reference, candidate or both' }
      }
      const name = JSON.stringify([probe, environment, pointer])
      if (known.has(name))
        yield {
          path: [...path, 'pointer'],
          message: `${pointer || 'the whole'} is accepted before for ${probe} in ${environment}`,
        }
      known.add(name)
    }
  }
}
