/** fixtures/defects/: deployment bugs that real projects shipped, each a patch to the bundled application. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '../../fixtures/defects')

const pattern = z.string().transform((source) => new RegExp(source))

const description = z
  .strictObject({
    /** Id of the class of bugs that it stands for, `own` for one beyond those, `equivalent` where no behaviour changes. */
    class: z.union([z.int(), z.literal(['own', 'equivalent'])]),
    title: z.string(),
    /** The one that has the defect; the other ones are healthy. */
    environment: z.string(),
    /** Planted with every `npm test`. */
    daily: z.boolean().default(false),
    /** Those to ask, events among them. None where the environment cannot even be started. */
    probes: z.array(z.string()).default([]),
    /** Where the defect must be reported; a pointer for a probe, the message of an environment that does not start. */
    expect: z.union([
      z.literal('same'),
      z.strictObject({
        probe: z.string(),
        pointer: pattern,
        /** Of a start that fails, or a service that dies, where the defect has it so at times. */
        message: pattern.optional(),
      }),
      z.strictObject({ start: pattern }),
    ]),
    /** The finding's sentence. */
    finding: pattern.optional(),
    /** Whether reading the files alone must tell as well. A text: it could, and why it does not. */
    static: z.union([z.boolean(), z.string()]).default(false),
    /** Places, `probe/pointer`, where consequences of the defect may be reported besides. */
    consequences: z.array(pattern).default([]),
    /** Why nothing is seen of it. The test fails as soon as something is. */
    missed: z.string().optional(),
  })
  .refine(({ probes, expect }) => expect === 'same' || 'start' in expect || probes.some(isOrHolds(expect.probe)), {
    error: 'the probe that reports the defect is not among those that are asked',
  })

function isOrHolds(probe: string) {
  return (asked: string) => probe === asked || probe.startsWith(`${asked}/`)
}

export type Defect = z.output<typeof description> & {
  /** `56`, `own-03`, `equivalent-1`: what its folder's name begins with. */
  id: string
  /** Absolute path of a unified diff (`-p1`) against the application. */
  patch: string
}

export const defects: Defect[] = readdirSync(root)
  .sort()
  .map((name) => ({
    ...description.parse(parse(readFileSync(join(root, name, 'defect.yaml'), 'utf8'))),
    id: /^\D*\d+/.exec(name)?.[0].replace(/^0+/, '') ?? name,
    patch: join(root, name, 'plant.patch'),
  }))
