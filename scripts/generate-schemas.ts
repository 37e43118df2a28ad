/** Writes the JSON Schemas in schema/, which editors and readers of reports use, from the shapes that the harness checks. */
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { acceptedDifferences } from '../harness/config/accepted.ts'
import { parity } from '../harness/config/schema.ts'
import { report } from '../harness/report/schema.ts'

/** File to content. */
export const schemas: Record<string, string> = {
  'schema/parity.schema.json': jsonSchema('parity.yaml', parity),
  'schema/accepted.schema.json': jsonSchema('parity.accepted.yaml', acceptedDifferences),
  'schema/report.schema.json': jsonSchema('report.json', report),
}

/** Draft 7, because that is what the editors' YAML language server understands wholly. */
function jsonSchema(title: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`
}

if (import.meta.main) {
  for (const [file, content] of Object.entries(schemas)) writeFileSync(new URL(`../${file}`, import.meta.url), content)
}
