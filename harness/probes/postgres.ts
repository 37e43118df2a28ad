/** A PostgreSQL database, as psql inside its service sees it. */
import type { ParityFile } from '../config/schema.ts'
import type { Environment, Json } from '../model.ts'
import { observed } from './error.ts'
import { find, inService, scriptOf } from './inside.ts'

type Data = NonNullable<ParityFile['data']>
type Database = NonNullable<Data['postgres']>

/** Names that are not given are those with which the image made its database. */
const PSQL = `user=\${1:-\${POSTGRES_USER:-postgres}}
exec psql -X -A -t -q -v ON_ERROR_STOP=1 -U "$user" -d "\${2:-\${POSTGRES_DB:-$user}}" -f -`

export async function describePostgres(
  environment: Environment,
  database: Database,
  migrations: Data['migrations'],
  signal: AbortSignal,
): Promise<Json> {
  const ask = (query: string) => jsonFromPostgres(environment, database, query, signal)
  const [schema, applied, behind, roundTrip] = await Promise.all([
    ask(await scriptOf('postgres.sql')),
    ask(migrationsQuery(migrations)),
    observed(async () => ask(await scriptOf('postgres-sequences.sql'))),
    observed(async () => ask(await scriptOf('postgres-round-trip.sql'))),
  ])
  return { ...(schema as object), migrations: applied, sequencesBehind: behind, roundTrip }
}

/**
 * What a query answers as the application's user: one row with one JSON value, null when there is no row.
 * @throws ObservableError when psql does not come to an answer
 */
export async function jsonFromPostgres(
  environment: Environment,
  { role, username, database }: Pick<Database, 'role' | 'username' | 'database'>,
  query: string,
  signal: AbortSignal,
): Promise<Json> {
  const command = ['sh', '-c', PSQL, 'psql', username ?? '', database ?? '']
  const { stdout } = await inService(find(environment, role), command, signal, { input: query })
  return stdout.trim() === '' ? null : JSON.parse(stdout)
}

/**
 * Each applied migration as a member, so that a missing one is one difference. Nothing at all where the framework has
 * no such table: the table is only named where it is there.
 */
export function migrationsQuery({ table, columns }: Data['migrations']): string {
  const name = table.split('.').map(identifier).join('.')
  const text = columns.map((column) => `${identifier(column)}::text`).join(` || ' ' || `)
  return [
    `SELECT to_regclass(${literal(name)}) IS NOT NULL AS present \\gset`,
    '\\if :present',
    `SELECT coalesce(json_object_agg(migration, true ORDER BY migration), '{}')`,
    `FROM (SELECT DISTINCT ${text} AS migration FROM ${name}) AS applied;`,
    '\\endif',
    '',
  ].join('\n')
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
