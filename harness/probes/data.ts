/** What the stores are: server, settings that change answers, schema, applied migrations. */
import { readFile } from 'node:fs/promises'
import type { ParityFile } from '../config/schema.ts'
import type { Environment, Json, Probe } from '../model.ts'
import { ObservableError, observed } from './error.ts'
import { find, inService } from './inside.ts'

type Data = NonNullable<ParityFile['data']>

const SCHEMA = new URL('inside/postgres.sql', import.meta.url)
const REDIS_SETTINGS = ['appendonly', 'databases', 'maxmemory', 'maxmemory-policy', 'save']

export function dataProbe({ data }: ParityFile): Probe | null {
  if (!data?.postgres && !data?.redis) return null
  return {
    name: 'data',
    question: 'Which stores are there, in which version, with which settings, schema and migrations?',
    mutates: false,
    observe: async (environment, signal) => ({
      ...(data.postgres && { postgres: await observed(() => describePostgres(environment, data, signal)) }),
      ...(data.redis && { redis: await observed(() => describeRedis(environment, data, signal)) }),
    }),
  }
}

async function describePostgres(environment: Environment, data: Data, signal: AbortSignal): Promise<Json> {
  const { role, username, database } = data.postgres as NonNullable<Data['postgres']>
  const service = find(environment, role)
  const ask = async (sql: string) => {
    const command = ['psql', '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-U', username, '-d', database, '-f', '-']
    return (await inService(service, command, signal, { input: sql })).stdout
  }
  const described = JSON.parse(await ask(await readFile(SCHEMA, 'utf8')))
  const rows = await ask(migrationsQuery(data.migrations))
  return { ...described, migrations: rows === '' ? null : JSON.parse(rows) }
}

/** Nothing at all where the framework has no such table; the table is only named where it is there. */
function migrationsQuery({ table, columns }: Data['migrations']): string {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
  const text = columns.map((column) => `${quoted(column)}::text`).join(` || ' ' || `)
  const literal = `'${quoted(table).replaceAll("'", "''")}'`
  return [
    `SELECT to_regclass(${literal}) IS NOT NULL AS present \\gset`,
    '\\if :present',
    `SELECT json_agg(row ORDER BY row) FROM (SELECT ${text} AS row FROM ${quoted(table)}) AS rows;`,
    '\\endif',
    '',
  ].join('\n')
}

async function describeRedis(environment: Environment, data: Data, signal: AbortSignal): Promise<Json> {
  const service = find(environment, (data.redis as NonNullable<Data['redis']>).role)
  const settings = REDIS_SETTINGS.map((name) => `CONFIG GET ${name}`)
  const input = ['INFO server', 'INFO keyspace', ...settings, ''].join('\n')
  const { stdout } = await inService(service, ['redis-cli'], signal, { input })
  if (/^NOAUTH/m.test(stdout)) throw new ObservableError('redis-cli is asked for a password')
  const lines = stdout.split(/\r?\n/)
  const version = lines.find((line) => line.startsWith('redis_version:'))?.split(':')[1] ?? null
  return {
    version: version && Number(version.split('.')[0]),
    fullVersion: version,
    settings: Object.fromEntries(REDIS_SETTINGS.map((name) => [name, lines[lines.lastIndexOf(name) + 1] ?? null])),
    databasesInUse: lines.flatMap((line) => /^db(\d+):/.exec(line)?.[1] ?? []).map(Number),
  }
}
