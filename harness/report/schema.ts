/** The shape of report.json, of which the published JSON Schema (schema/report.schema.json) is made. The types are model.ts's. */
import { z } from 'zod'
import type { Json, Report } from '../model.ts'

const json: z.ZodType<Json> = z.json() as never
const text = z.string()
const seconds = z.number().nonnegative()
const date = z.iso.date()
const pointer = text.regex(/^(\/.*)?$/s).describe('JSON Pointer (RFC 6901) into the observation')
const verdict = z.enum(['same', 'accepted', 'unknown', 'different'])
const reference = json.optional().describe("The reference's value; absent where it has none")
const candidate = json.optional().describe("The candidate's value; absent where it has none")

const image = {
  role: text,
  image: text.describe('As the environment refers to it'),
  imageId: text.describe('Digest of its content: equal ids are the very same image'),
  provenance: text.describe('Where it came from'),
}

const service = z.strictObject({
  ...image,
  baseUrl: text.nullable(),
  port: z.int().nullable(),
  exec: z.array(text),
  shell: z.array(text),
  logs: z.array(text),
  aliases: z.array(text),
  ownImage: z.boolean(),
})

const environment = z.strictObject({
  name: text,
  kind: text,
  id: text,
  startedAt: z.iso.datetime(),
  readySeconds: seconds,
  buildSeconds: seconds,
  services: z.record(text, service),
  formerServices: z
    .array(z.strictObject({ service, until: z.iso.datetime() }))
    .optional()
    .describe('Replicas, and services that a verb has replaced'),
  vars: z.record(text, text),
  handle: json,
})

const basis = z.literal('read').optional().describe('`read`: taken from files, nothing was run; absent: seen')

const observation = z.strictObject({
  probe: text,
  environment: text,
  startedAt: z.iso.datetime().optional(),
  basis,
  seconds,
  value: json,
  failure: text.optional().describe('Why the question could not be asked; the value is null then'),
})

const result = z.strictObject({
  probe: text,
  environment: text,
  verdict,
  differences: z.array(z.strictObject({ pointer, reference, candidate, verdict, reason: text.optional() })),
  noise: z
    .array(z.strictObject({ pointer, kind: text, reason: text.optional(), reference, candidate }))
    .describe('Where values vary by themselves, and how that was recognised'),
  basis,
  reason: text.optional().describe('Why the whole result is unknown'),
})

const source = z.strictObject({ role: text, what: text, file: text, line: z.int().positive(), text })

const finding = z
  .strictObject({
    id: text.describe('The same finding in the next run has the same one'),
    environment: text,
    verdict: z.enum(['different', 'unknown']),
    basis,
    sentence: text,
    roles: z.array(text),
    places: z.array(source).describe('Where the likely cause is written'),
    look: z.array(text).describe('Commands to see it by hand'),
    members: z.array(z.strictObject({ probe: text, pointer })).describe('The differences of which it is made'),
  })
  .describe('Differences that have one cause')

const moment = z.strictObject({
  atSeconds: z.number(),
  kind: z.enum(['event', 'log', 'health', 'request']),
  role: text.nullable(),
  text,
})

const acceptedDifference = z.strictObject({
  probe: text,
  environment: text,
  pointer,
  reference,
  candidate,
  reason: text,
  review: date,
  pattern: z.literal(true).optional().describe('`*` in the pointer stands for any one member'),
})

const recording = z
  .strictObject({
    project: text,
    reference: text,
    date,
    environments: z.array(environment),
    observations: z
      .array(observation)
      .describe('The reference stands here twice for each probe, a candidate where it differed at first'),
    casualties: z
      .array(z.strictObject({ role: text, message: text, environment: text }))
      .describe('Services that died during the run'),
    notAsked: z.array(z.strictObject({ probe: text, reason: text })),
    requests: z
      .array(z.strictObject({ probe: text, name: text, role: text, method: text, path: text }))
      .optional()
      .describe('What was asked by name, as in parity.yaml'),
    failures: z
      .array(z.strictObject({ environment: text, message: text }))
      .optional()
      .describe('Environments that could not be started; nothing was asked then'),
    timelines: z.record(text, z.array(moment)).optional().describe('By environment, in order of time'),
    sources: z.record(text, z.array(source)).optional().describe('By environment: where things are written'),
  })
  .describe('Everything that the verdicts were made of')

export const report: z.ZodType<Report> = z
  .strictObject({
    schemaVersion: z.literal(1),
    verdict: verdict.describe('The worst of all results; `same` when nothing differs but what is accepted'),
    reference: text.describe('The environment that the others are judged against'),
    environments: z.array(
      z.strictObject({
        name: text,
        kind: text,
        readySeconds: seconds.describe('From the first command to every service ready, without image builds'),
        buildSeconds: seconds,
        services: z.array(z.strictObject(image)),
      }),
    ),
    results: z.array(result),
    findings: z.array(finding),
    accepted: z
      .array(
        z.strictObject({
          entry: acceptedDifference,
          problem: z.enum(['stale', 'overdue']),
          now: z.strictObject({ reference, candidate }).optional().describe('What stands there today'),
        }),
      )
      .describe('Entries of parity.accepted.yaml that fail the run'),
    summary: z.strictObject({
      same: z.int().nonnegative(),
      accepted: z.int().nonnegative(),
      different: z.int().nonnegative(),
      unknown: z.int().nonnegative(),
    }),
    recording,
  })
  .describe('What parity check found')
