import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { ComposeService } from '../../harness/init/compose.ts'
import { productionVariables } from '../../harness/init/environment.ts'
import { pathIn } from '../../harness/init/health.ts'
import { imagesOf } from '../../harness/init/images.ts'
import { describeProject } from '../../harness/init/index.ts'
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
    development: { base: 'python:3.12' },
  })
})

test('a server of Django is asked for its settings, and gets the sample data of development', async () => {
  await writeFile(join(folder, 'Dockerfile'), 'FROM python:3.13')
  await writeFile(join(folder, 'manage.py'), '')
  const script = 'python manage.py migrate && python manage.py loaddata sites.json more && python manage.py runserver'
  await mkdir(join(folder, 'apps/fixtures'), { recursive: true })
  await writeFile(join(folder, 'apps/fixtures/sites.json'), '')
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
    prepare: [{ role: 'web', command: ['python', 'manage.py', 'loaddata', 'apps/fixtures/sites.json', 'more'] }],
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

const service = (name: string, changes: Partial<ComposeService>): ComposeService => ({
  name,
  ...{ profiles: [], command: [], environment: {}, ports: [], published: false },
  ...{ healthCheck: [], volumes: {}, dependsOn: {} },
  ...changes,
})

test.each([
  ['FROM python:3.13\nCMD ["gunicorn", "--bind", "0.0.0.0:5000"]', 5000],
  ['FROM python:3.13\nCMD uvicorn app --port ${PORT:-5001}', 5001],
  ['FROM python:3.13\nCOPY --chown=app deploy/production/start /start\nCMD ["/start"]', 5002],
  ['FROM python:3.13\nEXPOSE 5003\nCMD ["serve"]', 5003],
  ['FROM python:3.13\nCMD ["serve"]', 8000],
])('the port of what is built from %j is %i', async (dockerfile, port) => {
  await writeFile(join(folder, 'Dockerfile'), dockerfile)
  for (const [purpose, address] of [
    ['local', ':8000'],
    ['production', ':5002'],
  ] as const) {
    await mkdir(join(folder, 'deploy', purpose), { recursive: true })
    await writeFile(join(folder, 'deploy', purpose, 'start'), `#!/bin/sh\nexec gunicorn -b ${address} app\n`)
  }
  const build = { context: '.', file: 'Dockerfile', args: {} }
  const [web, worker] = servicesOf(folder, [
    service('web', { build, ports: [8000], published: true }),
    service('tasks', { build, command: ['celery', '-A', 'app', 'worker'] }),
  ])
  expect(web).toMatchObject({ role: 'web', port })
  expect(worker).toMatchObject({ role: 'worker', port: undefined })
})

test('a compose file for production is the environment production, with the migration that is done by hand', async () => {
  await writeFile(join(folder, 'Dockerfile'), 'FROM python:3.13\nCMD ["gunicorn", "--bind", "0.0.0.0:5000"]')
  await writeFile(join(folder, 'manage.py'), '')
  const compose = (web: object, database: object, more: object = {}) =>
    stringify({
      services: {
        site: { build: '.', depends_on: ['db'], ...web },
        db: { image: 'postgres:17', environment: { POSTGRES_DB: 'shop', ...database } },
        ...more,
      },
    })
  const mail = { mail: { image: 'axllent/mailpit', ports: ['8025:8025'] } }
  const start = ['sh', '-c', 'python manage.py migrate && python manage.py runserver 0.0.0.0:8000']
  await writeFile(
    join(folder, 'docker-compose.local.yml'),
    compose({ command: start, ports: ['8000:8000'] }, { POSTGRES_USER: 'dev' }, mail),
  )
  await writeFile(join(folder, 'docker-compose.production.yml'), compose({}, { POSTGRES_USER: 'shop' }))
  const described = await describeProject(folder, 'schema.json')
  expect(parse(described?.text ?? '')).toMatchObject({
    environments: {
      development: { kind: 'compose', file: 'docker-compose.local.yml', services: { web: 'site', database: 'db' } },
      production: {
        kind: 'compose',
        file: 'docker-compose.production.yml',
        services: { web: 'site', database: 'db' },
        ports: { web: 5000 },
        steps: { migrate: { service: 'web', command: ['python', 'manage.py', 'migrate', '--noinput'] } },
      },
    },
    data: { postgres: { role: 'database', database: 'shop' } },
  })
  expect(parse(described?.text ?? '').environments.development).not.toHaveProperty('steps')
})

test('a compose file for production that changes the other one is laid over it', async () => {
  await writeFile(join(folder, 'Dockerfile'), 'FROM python:3.13')
  const web = { build: '.', ports: ['8000:8000'], depends_on: ['db'] }
  await writeFile(
    join(folder, 'compose.yaml'),
    stringify({ services: { web, db: { image: 'postgres:17' }, cache: { image: 'redis:8' } } }),
  )
  await writeFile(join(folder, 'compose.prod.yaml'), stringify({ services: { web: { command: ['serve'] } } }))
  const described = await describeProject(folder, 'schema.json')
  expect(parse(described?.text ?? '').environments.production).toMatchObject({
    kind: 'compose',
    file: ['compose.yaml', 'compose.prod.yaml'],
  })
})
