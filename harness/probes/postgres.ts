/** A PostgreSQL database, as psql inside its service sees it. */
import { readFile } from 'node:fs/promises'
import type { ParityFile } from '../config/schema.ts'
import type { Environment, Json } from '../model.ts'
import { find, inService } from './inside.ts'

type Data = NonNullable<ParityFile['data']>

const SCHEMA = new URL('inside/postgres.sql', import.meta.url)
const PSQL = ['psql', '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1']

export async function describePostgres(
  environment: Environment,
  { role, username, database }: NonNullable<Data['postgres']>,
  migrations: Data['migrations'],
  signal: AbortSignal,
): Promise<Json> {
  const input = `${await readFile(SCHEMA, 'utf8')}\n${migrationsQuery(migrations)}`
  const command = [...PSQL, '-U', username, '-d', database, '-f', '-']
  const { stdout } = await inService(find(environment, role), command, signal, { input })
  const [schema = '', applied = ''] = stdout.split(ROW_BREAK)
  return { ...JSON.parse(schema), migrations: applied.trim() === '' ? null : JSON.parse(applied) }
}

/** JSON of PostgreSQL's spans lines; no JSON holds this character outside of a string, where it is escaped. */
const ROW_BREAK = '\x1e'

/**
 * Each applied migration as a member, so that a missing one is one difference. Nothing at all where the framework has
 * no such table: the table is only named where it is there.
 */
export function migrationsQuery({ table, columns }: Data['migrations']): string {
  const name = table.split('.').map(identifier).join('.')
  const text = columns.map((column) => `${identifier(column)}::text`).join(` || ' ' || `)
  return [
    `\\echo '\\x1e'`,
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
