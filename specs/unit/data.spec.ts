import { readdir } from 'node:fs/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fake } from '../../harness/environments/fake.ts'
import { scratchFolder } from '../../harness/environments/scratch.ts'
import { migrationsQuery } from '../../harness/probes/postgres.ts'
import { parseRedis } from '../../harness/probes/redis.ts'
import { rowsQuery } from '../../harness/probes/rows.ts'
import { sharedProbe } from '../../harness/probes/shared.ts'
import { configWith } from './server.ts'

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

test('a query of the project is asked for one JSON value, where nothing can be written', () => {
  expect(rowsQuery('SELECT a FROM b ORDER BY a;\n')).toBe(
    "BEGIN READ ONLY;\nSELECT coalesce(json_agg(row), '[]') FROM (\nSELECT a FROM b ORDER BY a\n) AS row;\nROLLBACK;\n",
  )
})

describe('what roles share', () => {
  const { signal } = new AbortController()
  /** Keeps values as files in $CACHE, as a program of a project might. */
  const command = ['sh', '-c', 'if [ "$0" = set ]; then printf %s "$2" >"$CACHE/$1"; else cat "$CACHE/$1" || :; fi']
  const observe = async (data: Record<string, unknown>, caches: Record<string, string> = {}) => {
    const service = (role: string) => ({ env: { CACHE: caches[role] ?? '/nowhere' } })
    const environment = await fake('shared', { web: service('web'), worker: service('worker') })
    onTestFinished(() => environment.down())
    return sharedProbe(configWith({ data }))?.observe(environment, signal)
  }
  const scratch = async () => {
    const folder = await scratchFolder()
    onTestFinished(() => folder[Symbol.asyncDispose]())
    return folder.path
  }

  test('a file that one role writes is found by the others, and gone afterwards', async () => {
    const path = await scratch()
    expect(await observe({ shared: [{ path, roles: ['worker', 'web'] }] })).toEqual({
      files: {
        [path]: {
          'web to web': 'found',
          'web to worker': 'found',
          'worker to web': 'found',
          'worker to worker': 'found',
        },
      },
    })
    expect(await readdir(path)).toEqual([])
  })

  test('a folder that is not there is an error, without what is new each time', async () => {
    const seen = await observe({ shared: [{ path: '/nowhere/', roles: ['web'] }] })
    expect(JSON.stringify(seen)).toMatch(
      /"web to web":\{"\$error":"sh exited with code \d: .*\/nowhere\/parity-<id>-Übergabe/,
    )
  })

  test('a value in a cache of its own is not there for others', async () => {
    const caches = { web: await scratch(), worker: await scratch() }
    expect(await observe({ cache: { roles: ['web', 'worker'], command } }, caches)).toEqual({
      cache: {
        'web to web': 'found',
        'web to worker': 'not there',
        'worker to web': 'not there',
        'worker to worker': 'found',
      },
    })
  })
})
