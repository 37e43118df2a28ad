/** Values that meet a schema: the same ones for the same seed. */
import { sample } from 'openapi-sampler'
import type { Schema } from './document.ts'

/** A body for a request: nothing that only answers have. */
export function sampleOf(schema: Schema, seed: number): unknown {
  return varied(sample(schema as Parameters<typeof sample>[0], { skipReadOnly: true, quiet: true }), schema, seed)
}

/** Ordinary texts and choices differ from seed to seed; what a pattern or a format rules is left as it is. */
function varied(value: unknown, schema: Schema, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => varied(item, schema.items ?? {}, seed))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, varied(member, schema.properties?.[name] ?? {}, seed)]),
    )
  }
  if (schema.enum?.length) return schema.enum[seed % schema.enum.length]
  const isFree = !schema.format && !schema.pattern
  if (typeof value === 'string' && isFree) {
    return `parity ${seed} ${value}`.slice(0, (schema.maxLength as number | undefined) ?? LONGEST)
  }
  if (typeof value === 'number' && value === 0 && isFree)
    return Math.max(1, (schema.minimum as number | undefined) ?? 1)
  return value
}

const LONGEST = 200
