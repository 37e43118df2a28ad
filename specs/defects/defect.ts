/** fixtures/defects/: deployment bugs that real projects shipped, each a patch to the bundled application. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '../../fixtures/defects')

const pattern = z.string().transform((source) => new RegExp(source))

const description = z
  .strictObject({
    /** Id of the class of bugs that it stands for, or `equivalent` for a change that changes no behaviour. */
    class: z.union([z.int(), z.literal('equivalent')]),
    title: z.string(),
    /** The one that has the defect; the other ones are healthy. */
    environment: z.string(),
    /** Takes too long for every day. */
    nightly: z.boolean().default(false),
    /** Those to ask. None where the environment cannot even be started. */
    probes: z.array(z.string()).default([]),
    expect: z.union([
      z.literal('same'),
      z.strictObject({ probe: z.string(), pointer: pattern }),
      z.strictObject({ start: pattern }),
    ]),
  })
  .refine(({ probes, expect }) => expect === 'same' || 'start' in expect || probes.includes(expect.probe), {
    error: 'the probe that reports the defect is not among those that are asked',
  })

export type Defect = z.output<typeof description> & {
  /** Absolute path of a unified diff (`-p1`) against the application. */
  patch: string
}

export const defects: Defect[] = readdirSync(root)
  .sort()
  .map((name) => ({
    ...description.parse(parse(readFileSync(join(root, name, 'defect.yaml'), 'utf8'))),
    patch: join(root, name, 'plant.patch'),
  }))
