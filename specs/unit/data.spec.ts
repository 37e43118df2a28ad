import { expect, test } from 'vitest'
import { migrationsQuery } from '../../harness/probes/postgres.ts'
import { parseRedis } from '../../harness/probes/redis.ts'

const config = (name: string, ...lines: string[]) => [`? CONFIG GET ${name}`, ...lines]
const output = (...configs: string[][]) =>
  [
    '? INFO server',
    '# Server\r',
    'redis_version:8.0.2\r',
    '',
    '? INFO keyspace',
    '# Keyspace\r',
    'db0:keys=4,expires=0,avg_ttl=0\r',
    'db1:keys=2,expires=2,avg_ttl=86399\r',
    ...configs.flat(),
  ].join('\n')

test('Redis is described by its version and by the settings that change what it keeps', () => {
  const answer = output(
    config('appendonly', 'appendonly', 'no'),
    config('databases', 'databases', '16'),
    config('maxmemory', 'maxmemory', '0'),
    config('maxmemory-policy', 'maxmemory-policy', 'noeviction'),
    config('save', 'save', ''),
  )
  expect(parseRedis(answer)).toEqual({
    version: 8,
    fullVersion: '8.0.2',
    settings: { appendonly: 'no', databases: '16', maxmemory: '0', 'maxmemory-policy': 'noeviction', save: '' },
    lastingDatabases: [0],
  })
})

test('a setting that may not be asked is an error in its place', () => {
  const answer = output(config('save', "ERR unknown command 'CONFIG'"))
  expect(parseRedis(answer)).toMatchObject({
    settings: { save: { $error: "CONFIG GET save: ERR unknown command 'CONFIG'" } },
  })
})

test('a server that wants a password has not answered', () => {
  expect(() => parseRedis('NOAUTH Authentication required.\n')).toThrow('Redis asks for a password')
})

test('the table of migrations is named in quotes, schema and table by themselves', () => {
  const query = migrationsQuery({ table: 'web."x', columns: ['app', 'na"me'] })
  expect(query).toContain('to_regclass(\'"web"."""x"\')')
  expect(query).toContain(`SELECT DISTINCT "app"::text || ' ' || "na""me"::text AS migration FROM "web"."""x"`)
})
