/** What is asked of the files of one environment, whatever kind it is of. */
import { describe, expect, test } from 'vitest'
import { undeclared } from '../../harness/static/declared.ts'
import { addresses } from '../../harness/static/questions/addresses.ts'
import { build } from '../../harness/static/questions/build.ts'
import { command } from '../../harness/static/questions/command.ts'
import { health } from '../../harness/static/questions/health.ts'
import { image } from '../../harness/static/questions/image.ts'
import { limits } from '../../harness/static/questions/limits.ts'
import { order } from '../../harness/static/questions/order.ts'
import { user } from '../../harness/static/questions/user.ts'
import { variables } from '../../harness/static/questions/variables.ts'
import { volumes } from '../../harness/static/questions/volumes.ts'
import { faultOf } from '../../harness/static/value.ts'
import { ask, built, contract, given, task } from './static-contract.ts'

const web = (dockerfile: string, changes = {}) => contract({ web: built(`FROM python:3.13\n${dockerfile}`, changes) })

describe('the command', () => {
  test('is what the environment puts in the place of the image’s own', () => {
    const entrypoint = 'ENTRYPOINT ["./start.sh"]\nCMD ["gunicorn"]'
    expect(ask(command, web(entrypoint))).toMatchObject({ web: { argv: ['./start.sh', 'gunicorn'] } })
    expect(ask(command, web(entrypoint, { command: ['celery'] }))).toMatchObject({
      web: { argv: ['./start.sh', 'celery'], entrypointNotRun: null },
    })
    expect(ask(command, web(entrypoint, { entrypoint: ['celery'] }))).toMatchObject({
      web: { argv: ['celery'], entrypointNotRun: ['./start.sh'] },
    })
  })

  test.each([
    ['CMD gunicorn shop', 'shell'],
    ['CMD ["sh", "-c", "python prepare.py && gunicorn shop"]', 'shell'],
    ['CMD ["sh", "-c", "python prepare.py && exec gunicorn shop"]', 'exec'],
    ['CMD ["gunicorn", "shop"]', 'exec'],
  ])('%s is in %s form', (dockerfile, form) => {
    expect(ask(command, web(dockerfile))).toMatchObject({ web: { form } })
  })

  test('may be a script of the project that goes on after a failure, or stays between', () => {
    const files = (text: string) => ({ 'bin/start.sh': `#!/bin/sh\n${text}` })
    const asked = web('CMD ["/app/bin/start.sh"]')
    expect(ask(command, asked, files('migrate\nexec serve\n'))).toMatchObject({
      web: { goesOnAfterFailure: ['bin/start.sh'], form: 'exec' },
    })
    expect(ask(command, asked, files('set -eu\nmigrate\nserve\n'))).toMatchObject({
      web: { goesOnAfterFailure: [], form: 'shell' },
    })
    expect(ask(command, asked, files('migrate && exec serve\n'))).toMatchObject({
      web: { goesOnAfterFailure: [], form: 'exec' },
    })
  })

  test.each([
    ['gunicorn --bind 127.0.0.1:8000 shop', '--bind 127.0.0.1:8000'],
    ['python manage.py runserver', 'runserver'],
    ['python manage.py runserver 0.0.0.0:8000', null],
    ['gunicorn --bind 0.0.0:8000 shop', null],
    ['uvicorn shop:app --host 127.0.0.1', '--host 127.0.0.1'],
  ])('%s can be reached from elsewhere, but for %s', (words, onlyFromInside) => {
    expect(ask(command, web('', { command: words.split(' ') }))).toMatchObject({ web: { onlyFromInside } })
  })

  test('does not show how a module calls its application, as long as it has it', () => {
    const files = { 'shop/wsgi.py': 'app = make()\n' }
    expect(ask(command, web('CMD ["gunicorn", "shop.wsgi:app"]'), files)).toMatchObject({
      web: { argv: ['gunicorn', 'shop.wsgi:<application>'] },
    })
    expect(ask(command, web('CMD ["gunicorn", "shop.wsgi:other"]'), files)).toMatchObject({
      web: { argv: ['gunicorn', 'shop.wsgi:other'] },
    })
  })
})

describe('the user', () => {
  test('is root where neither the image nor the environment says otherwise', () => {
    expect(ask(user, web(''))).toMatchObject({ web: { root: true } })
    expect(ask(user, web('USER shop'))).toMatchObject({ web: { root: false } })
    expect(ask(user, web('USER shop', { user: '0' }))).toMatchObject({ web: { root: true } })
  })

  test('is compared with the one that the image was made for, where both have numbers', () => {
    const dockerfile = 'RUN groupadd --gid 7 shop && useradd -u 8 -g shop shop\nUSER shop'
    expect(ask(user, web(dockerfile, { user: '8', group: '1001' }))).toMatchObject({
      web: { otherThanImage: ["group 1001, the image's is 7"] },
    })
    expect(ask(user, web('USER shop', { user: '8', group: '1001' }))).toMatchObject({ web: { otherThanImage: [] } })
  })
})

describe('variables', () => {
  test('are shown with their values, but for secrets', () => {
    const asked = web('ENV SHOP_COLOUR=blue', { variables: given({ SHOP_PASSWORD: 'hunter2', SHOP_SIZE: 'xl' }) })
    expect(ask(variables, asked)).toMatchObject({
      web: { values: { SHOP_COLOUR: 'blue', SHOP_PASSWORD: true, SHOP_SIZE: 'xl' } },
    })
  })

  test('that stand in no file of the build are read by nobody, unless a prefix is put before them', () => {
    const asked = web('', { variables: given({ SHOP_DEBUG: '1', SHOP_COLOR: 'blue', TZ: 'UTC' }) })
    expect(ask(variables, asked, { 'a.py': 'environ["SHOP_COLOUR"]' })).toMatchObject({
      web: { unread: ['SHOP_COLOR', 'SHOP_DEBUG'] },
    })
    expect(ask(variables, asked, { 'a.py': 'env_prefix = "SHOP_"\ncolor: str\ndebug: bool' })).toMatchObject({
      web: { unread: [] },
    })
  })

  test('of roles with one image are compared with each other', () => {
    const worker = built('FROM python', { variables: given({ BROKER: 'redis://cache/1', OWN: '1' }) })
    const asked = contract({ web: built('FROM python', { variables: given({ BROKER: 'redis://cache/0' }) }), worker })
    expect(ask(variables, asked)).toMatchObject({ worker: { otherThanItsImageMates: ['BROKER'] } })
  })

  test.each([
    ['NAME', '"quoted"', 'stands in quotes'],
    ['NAME', "it's", undefined],
    ['PASSWORD', 'swordfish\n', 'ends in a newline'],
    ['CERTIFICATE', '-----BEGIN CERTIFICATE-----\n', undefined],
    ['DATABASE_URL', 'postgres://shop:p@ss/word@db/shop', 'holds a password that is not URL-encoded'],
    ['DATABASE_URL', 'postgres://shop:p%40ss@db/shop?a=b@c', undefined],
    ['CORS_ALLOWED_ORIGINS', 'https://a.example,b.example', 'holds an origin without a scheme'],
    ['CORS_ALLOWED_ORIGINS', '["https://a.example", "http://b.example"]', undefined],
    ['ALLOWED_HOSTS', 'a.example https://b.example', 'holds a host with a scheme, a port or a path'],
    ['ALLOWED_HOSTS', '.a.example,*', undefined],
    ['HOME_PAGE', '${SITE}/home', 'holds a variable that nobody has filled in'],
  ])('%s=%s %s', (name, value, fault) => {
    expect(faultOf(name, value)).toBe(fault)
  })
})

describe('an address', () => {
  const database = { ...undeclared('database', { reference: 'postgres:17' }), aliases: ['db', 'shop-db'] }
  const asked = (values: Record<string, string>, changes = {}) =>
    contract({ web: built('FROM python', { variables: given(values) }), database }, changes)

  test('leads to something of the environment, or to the outside', () => {
    const values = { DB_HOST: 'db', DATABASE_URL: 'postgres://u:p@shop-db:5432/x', API_URL: 'https://api.example.com' }
    expect(ask(addresses, asked(values))).toMatchObject({ web: { unknownHosts: [], itself: [] } })
  })

  test('of nothing that is there is told with its variable', () => {
    const values = { DB_HOST: 'postgres', BROKER_URL: 'redis://redis:6379/0', CACHE_URL: 'redis://localhost:6379' }
    expect(ask(addresses, asked(values))).toMatchObject({
      web: { unknownHosts: ['DB_HOST: postgres', 'BROKER_URL: redis:6379'], itself: ['CACHE_URL: localhost:6379'] },
    })
  })

  test('needs a port that its Service has', () => {
    const services = [{ host: 'db', ports: [5432] }]
    expect(ask(addresses, asked({ DATABASE_URL: 'postgres://db:5433/x' }, { services }))).toMatchObject({
      web: { closedPorts: ['DATABASE_URL: db:5433'] },
    })
  })
})

describe('a build', () => {
  test.each([
    ['RUN python manage.py migrate', { asksServices: ['python manage.py migrate'] }],
    ['RUN npm install', { pastTheLock: ['npm install'] }],
    ['RUN npm ci', { pastTheLock: [] }],
    [
      'RUN pip install --no-cache-dir "django>=5" gunicorn',
      { pastTheLock: ['pip install --no-cache-dir "django>=5" gunicorn'] },
    ],
    ['RUN pip install --upgrade pip && pip install -r requirements.txt -c limits.txt .', { pastTheLock: [] }],
    ['ARG API_BASE', { argumentsWithoutValue: ['API_BASE'] }],
    ['COPY --from=node /bin/node /bin/', { floatingBases: [] }],
  ])('%s', (dockerfile, answer) => {
    expect(ask(build, web(dockerfile))).toMatchObject({ web: answer })
  })

  test('begins at a version', () => {
    expect(ask(build, contract({ web: built('FROM python:slim') }))).toMatchObject({
      web: { floatingBases: ['python:slim'] },
    })
  })
})

test('a ready-made image is compared by its major version', () => {
  const store = (reference: string) => ask(image, contract({ store: undeclared('store', { reference }) }))
  expect(store('registry.example:5000/postgres:17.2-trixie')).toEqual(store('postgres:17-alpine'))
  expect(store('postgres')).toEqual({ store: { name: 'postgres', version: null, floating: true } })
})

describe('health', () => {
  test('is looked after by the image only where the platform asks it', () => {
    const asked = web('HEALTHCHECK CMD ["true"]')
    expect(ask(health, asked)).toMatchObject({ web: { checked: true } })
    expect(ask(health, { ...asked, runsHealthChecks: false })).toMatchObject({ web: { checked: false } })
  })

  test('can be asked in ways that a healthy one does not pass', () => {
    const http = { path: '/', port: '80', headers: {} }
    const liveness = { by: 'liveness' as const, http, periodSeconds: 10, failureThreshold: 3 }
    const readiness = { by: 'readiness' as const, command: ['celery', 'inspect', 'ping'], timeoutSeconds: 1 }
    const checks = [liveness, readiness]
    expect(ask(health, web('', { checks, variables: given({ ALLOWED_HOSTS: 'shop.example' }) }))).toMatchObject({
      web: { asksByAddress: ['liveness'], hurried: ['readiness'], endsASlowStart: 'after 30 s' },
    })
    const startup = { by: 'startup' as const, http: { ...http, headers: { host: 'shop.example' } } }
    expect(ask(health, web('', { checks: [startup] }))).toMatchObject({
      web: { asksByAddress: [], hurried: [], endsASlowStart: null },
    })
  })
})

test('a worker that counts the cores of the machine does not fit into a limit', () => {
  const worker = (words: string, memory?: string) =>
    ask(limits, web('', { command: words.split(' '), limits: { memory } }))
  expect(worker('celery -A shop worker', '256Mi')).toMatchObject({ web: { oneProcessForEachCore: true } })
  expect(worker('celery -A shop worker -c 2', '256Mi')).toMatchObject({ web: { oneProcessForEachCore: false } })
  expect(worker('celery -A shop worker')).toMatchObject({ web: { oneProcessForEachCore: false } })
})

describe('the migration', () => {
  const migrate = built('FROM python', { command: ['python', 'manage.py', 'migrate'] })
  const asked = (needs: string[], when: 'before' | 'beside' | 'after' = 'beside', changes = {}) =>
    ask(
      order,
      contract({ web: built('FROM python', { needs, ...changes }) }, { tasks: { migrate: task(migrate, when) } }),
    )

  test('comes first where what uses it waits, directly or by an init container, or where it is a hook before', () => {
    for (const answer of [
      asked(['migrate']),
      asked([], 'beside', { before: ['wait-for-migrations'] }),
      asked([], 'before'),
    ])
      expect(answer).toMatchObject({ migrated: true, startsBeforeTheMigration: [], migratedAfterTheStart: [] })
  })

  test('comes too late where nothing waits, or where it is a hook after', () => {
    expect(asked([])).toMatchObject({ startsBeforeTheMigration: ['web'] })
    expect(asked(['migrate'], 'after')).toMatchObject({ migratedAfterTheStart: ['migrate'] })
  })

  test('ends where one of its commands fails', () => {
    const inShell = (script: string) =>
      ask(order, contract({}, { tasks: { m: task(built('FROM python', { command: ['sh', '-c', script] })) } }))
    const goesOn = { migrationsThatGoOnAfterAFailure: ['m'] }
    expect(inShell('python manage.py migrate; echo done')).toMatchObject(goesOn)
    for (const script of ['set -e; python manage.py migrate; echo done', 'python manage.py migrate && echo done'])
      expect(inShell(script)).toMatchObject({ migrationsThatGoOnAfterAFailure: [] })
  })

  test('is raced by replicas that each do it', () => {
    const before = ['migrate python manage.py migrate']
    expect(asked([], 'beside', { before, replicas: 2 })).toMatchObject({ migratedByEachReplica: ['web'] })
    expect(asked([], 'beside', { before, replicas: 1 })).toMatchObject({ migratedByEachReplica: [] })
  })
})

describe('volumes', () => {
  const volume = { target: '/data', type: 'volume' as const, source: 'data' }

  test('are told with the roles that share them', () => {
    const role = built('FROM python', { mounts: [volume] })
    expect(ask(volumes, contract({ web: role, worker: role }))).toMatchObject({
      roles: { web: { kept: { '/data': ['web', 'worker'] } } },
    })
  })

  test('over the image show what it does not hold', () => {
    const mounts = [{ target: '/app', type: 'bind' as const, source: '/shop' }]
    expect(ask(volumes, web('', { mounts }), { '.dockerignore': '# not in it\ntemplates\n' })).toMatchObject({
      roles: { web: { overImage: { folders: ['/app'], notInTheImage: ['templates'] } } },
    })
  })

  test('of a single node are not rolled, and a database begins in an empty folder', () => {
    const database = {
      ...undeclared('database', { reference: 'postgres:17' }),
      mounts: [{ ...volume, target: '/var/lib/postgresql/data', singleNode: true, outlives: true }],
      overlaps: true,
    }
    expect(ask(volumes, contract({ database }))).toMatchObject({
      dataAtTheRootOfAVolume: ['database'],
      rolledOnASingleNodeVolume: ['database'],
    })
    const below = { ...database, overlaps: false, variables: given({ PGDATA: '/var/lib/postgresql/data/pgdata' }) }
    expect(ask(volumes, contract({ database: below }))).toMatchObject({
      dataAtTheRootOfAVolume: [],
      rolledOnASingleNodeVolume: [],
    })
  })
})
