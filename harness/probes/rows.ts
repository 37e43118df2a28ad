/** What the project's queries find in its database, once everything that writes has been asked. */
import type { ParityFile } from '../config/schema.ts'
import type { Json, Probe } from '../model.ts'
import { observed } from './error.ts'
import { jsonFromPostgres } from './postgres.ts'

export function rowsProbe({ data }: ParityFile): Probe | null {
  const { postgres } = data ?? {}
  const queries = Object.entries(postgres?.rows ?? {})
  if (!postgres || queries.length === 0) return null
  return {
    name: 'data/rows',
    question: 'Which rows are in the database after all this?',
    // It only reads, but what those before it wrote.
    effect: 'writes',
    observe: async (environment, signal) => {
      const answers = await Promise.all(
        queries.map(async ([name, query]) => {
          const rows = await observed(() => jsonFromPostgres(environment, postgres, rowsQuery(query), signal))
          return [name, rows] as [string, Json]
        }),
      )
      return Object.fromEntries(answers)
    },
  }
}

/** One row, one JSON value; in a transaction that can write nothing. */
export function rowsQuery(query: string): string {
  const inner = query.trim().replace(/;$/, '')
  return `BEGIN READ ONLY;\nSELECT coalesce(json_agg(row), '[]') FROM (\n${inner}\n) AS row;\nROLLBACK;\n`
}
