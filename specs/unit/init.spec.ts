import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { productionVariables } from '../../harness/init/environment.ts'
import { pathIn } from '../../harness/init/health.ts'
import { imagesOf } from '../../harness/init/images.ts'
import { annotated } from '../../harness/init/notes.ts'
import { questionsAbout } from '../../harness/init/questions.ts'
import { type Clues, roleOf, rolesOf } from '../../harness/init/roles.ts'
import { servicesOf } from '../../harness/init/services.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-init-'))
})
afterEach(() => rm(folder, { recursive: true }))

const clues = (changes: Partial<Clues>): Clues => ({
  name: 'thing',
  image: '',
  command: [],
  own: true,
  serves: false,
  ...changes,
})

test.each<[string, Partial<Clues>]>([
  ['database', { own: false, image: 'postgis/postgis:17', name: 'store' }],
  ['database', { own: false, image: 'registry.example/team/postgres:17', name: 'store' }],
  ['database', { own: true, image: 'postgres:17', name: 'postgres', serves: true }],
  ['cache', { own: false, image: 'valkey/valkey:8', name: 'kv' }],
  ['worker', { command: ['celery', '-A', 'shop', 'worker'], name: 'tasks' }],
  ['beat', { command: ['celery', '-A', 'shop', 'beat'], name: 'tasks' }],
  ['worker', { command: ['rq', 'worker', 'default'], name: 'jobs' }],
  ['worker', { name: 'email-worker' }],
  ['client', { name: 'frontend', serves: true }],
  ['web', { name: 'api', serves: true }],
  ['mail', { own: false, image: 'mailhog', name: 'mail', serves: true }],
  ['redis-commander', { own: false, image: 'rediscommander/redis-commander:1', name: 'redis-commander' }],
  ['redis-exporter', { own: false, image: 'oliver006/redis_exporter', name: 'redis_exporter' }],
])('%s is what this is for: %o', (role, changes) => {
  expect(roleOf(clues(changes))).toBe(role)
})

test('no two services have one role', () => {
  const roles = rolesOf([clues({ name: 'api', serves: true }), clues({ name: 'admin', serves: true })])
  expect([...roles]).toEqual([
    ['api', 'web'],
    ['admin', 'admin'],
  ])
})

test('variables of development become those of production, hosts become roles, and what was changed is told', async () => {
  await mkdir(join(folder, 'shop/settings'), { recursive: true })
  await writeFile(join(folder, 'shop/settings/production.py'), '')
  const { env, changes } = productionVariables(
    {
      DJANGO_SETTINGS_MODULE: 'shop.settings.dev',
      DEBUG: '1',
      FLASK_ENV: 'development',
      DB_HOST: 'db',
      DB_NAME: 'db',
      DATABASE_URL: 'postgres://shop:db@db:5432/db',
      BROKERS: 'redis://queue:6379/0,redis://elsewhere:6379/0',
    },
    {
      folder,
      roles: new Map([
        ['db', 'database'],
        ['queue', 'cache'],
      ]),
    },
  )
  expect(env).toEqual({
    DJANGO_SETTINGS_MODULE: 'shop.settings.production',
    FLASK_ENV: 'production',
    DB_HOST: '${database.host}',
    DB_NAME: 'db',
    DATABASE_URL: 'postgres://shop:db@${database.host}:5432/db',
    BROKERS: 'redis://${cache.host}:6379/0,redis://elsewhere:6379/0',
  })
  expect(changes).toHaveLength(3)
})

test.each([
  ['FROM python AS dev\nFROM python AS production\nFROM production AS tests', 'production'],
  ['FROM python AS base\nFROM base AS app\nFROM app AS dev', 'app'],
  ['FROM python AS build\nFROM nginx AS served', 'served'],
  ['FROM python', undefined],
])('of %j the stage %s goes to production', async (text, target) => {
  await writeFile(join(folder, 'Dockerfile'), text)
  const images = imagesOf(folder, [['api', { context: '.', file: 'Dockerfile', args: {} }]])
  expect(images.get('Dockerfile')).toMatchObject({ name: 'api', target })
})

test.each([
  ['compose/local/api/Dockerfile', 'compose/production/api/Dockerfile'],
  ['docker/Dockerfile.dev', 'docker/Dockerfile.prod'],
  ['docker/dev.Dockerfile', 'docker/Dockerfile'],
])('beside %s, %s goes to production', async (development, production) => {
  for (const [file, base] of [
    [development, 'python:3.12'],
    [production, 'python:3.13'],
  ] as const) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), `FROM ${base}`)
  }
  const images = imagesOf(folder, [['api', { context: '.', file: development, args: {} }]])
  expect(images.get(development)).toMatchObject({
    file: production,
    stage: { base: 'python:3.13' },
    developmentBase: 'python:3.12',
  })
})

test('a server of Django is asked for its settings, and gets the sample data of development', async () => {
  await writeFile(join(folder, 'Dockerfile'), 'FROM python:3.13')
  await writeFile(join(folder, 'manage.py'), '')
  const script = 'python manage.py migrate && python manage.py loaddata sites.json && python manage.py runserver'
  const services = servicesOf(folder, [
    {
      name: 'server',
      build: { context: '.', file: 'Dockerfile', args: {} },
      command: ['sh', '-c', script],
      ports: [8000],
      published: true,
      ...{ profiles: [], environment: {}, healthCheck: [], volumes: {}, dependsOn: {} },
    },
  ])
  expect(questionsAbout(folder, services, new Map()).section).toMatchObject({
    settings: {},
    prepare: [{ role: 'web', command: ['python', 'manage.py', 'loaddata', 'sites.json'] }],
  })
})

test('the path that a health check asks is found in its command', () => {
  expect(pathIn(['CMD-SHELL', 'curl -f http://localhost:8000/health/live || exit 1'])).toBe('/health/live')
  expect(pathIn(['CMD', 'python', '-c', "urlopen('http://127.0.0.1/up')"])).toBe('/up')
  expect(pathIn(['CMD', 'pg_isready'])).toBeUndefined()
})

test('a note stands before its key, and what is shared is written once', () => {
  const env = { A: '1' }
  const data = { version: 1, environments: { one: { env }, two: { env } } }
  const text = annotated(data, [{ path: ['environments', 'two', 'env'], text: 'Guess: the same.' }], ' head')
  expect(text).toMatch(/^# head\n/)
  expect(text).toMatch(/# Guess: the same\.\n +env: \*shared1/)
  expect(parse(text)).toEqual(data)
})
