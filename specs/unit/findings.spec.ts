import { describe, expect, test } from 'vitest'
import { findingsOf } from '../../harness/compare/findings.ts'
import { judge } from '../../harness/compare/judge.ts'
import type { AskedRequest, Json, Recording } from '../../harness/model.ts'
import { environment, observation, service } from './recording.ts'

type Seen = { [probe: string]: Json }

const requests: AskedRequest[] = [
  { probe: 'http', name: 'live', role: 'web', method: 'GET', path: '/health/live' },
  { probe: 'http', name: 'preflight', role: 'web', method: 'OPTIONS', path: '/api/' },
  { probe: 'journey/order', name: 'log in', role: 'web', method: 'POST', path: '/login' },
]

/** What production and helm have answered to each probe; production twice the same. */
function seen(production: Seen, helm: Seen, changes: Partial<Recording> = {}): Recording {
  const of = (name: string, values: Seen) =>
    Object.entries(values).map(([probe, value]) => observation(name, value, { probe }))
  const services = ['web', 'worker', 'beat'].map((role) =>
    service(role, { baseUrl: `http://127.0.0.1:4${role.length}00` }),
  )
  return {
    project: 'test',
    reference: 'production',
    date: '2026-06-01',
    environments: [environment('production', services), environment('helm', services)],
    observations: [...of('production', production), ...of('production', production), ...of('helm', helm)],
    casualties: [],
    notAsked: [],
    requests,
    ...changes,
  }
}

const found = (recording: Recording) => findingsOf(recording, judge(recording, []).results)
const answer = (status: number, changes: { [part: string]: Json } = {}) => ({
  status,
  headers: {},
  body: {},
  ...changes,
})
const processOf = (variables: { [name: string]: string }, changes: { [fact: string]: Json } = {}) => ({
  argv: ['gunicorn'],
  user: { uid: 1000, gid: 1000 },
  environment: variables,
  ...changes,
})

describe('one cause is one finding', () => {
  test('a variable under a wrong name, and the answers that miss it', () => {
    const preflight = (headers: { [name: string]: Json }) => ({ preflight: answer(200, { headers }) })
    const findings = found(
      seen(
        {
          process: {
            web: processOf({ CORS_ORIGINS: 'http://a.example' }),
            worker: processOf({ CORS_ORIGINS: 'http://a.example' }),
          },
          http: preflight({ 'access-control-allow-origin': 'http://a.example' }),
        },
        {
          process: {
            web: processOf({ CORS_ORIGIN: 'http://a.example' }),
            worker: processOf({ CORS_ORIGIN: 'http://a.example' }),
          },
          http: preflight({}),
        },
      ),
    )
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      environment: 'helm',
      verdict: 'different',
      sentence:
        'web and worker: helm gives CORS_ORIGIN where production gives CORS_ORIGINS ("http://a.example"); one of the names is probably wrong; it also shows in http ("preflight")',
      roles: ['web', 'worker'],
      look: [expect.stringContaining('parity shell helm web'), "curl -i -X OPTIONS 'http://127.0.0.1:4300/api/'"],
    })
    expect(findings[0]?.members).toHaveLength(5)
  })

  test('a variable under a wrong name beside variables that are not there', () => {
    const level = { LEVEL: 'INFO' }
    const findings = found(
      seen(
        {
          process: {
            web: processOf({ ...level, CORS_DOMAIN: 'http://a.example', HOST: 'a.example' }),
            worker: processOf({ ...level, CORS_DOMAIN: 'http://a.example', HOST: 'a.example' }),
          },
        },
        {
          process: { web: processOf({ ...level, CORS_DOMAINS: 'a.example', TZ: 'UTC' }), worker: processOf(level) },
        },
      ),
    )
    expect(findings.map(({ sentence }) => sentence).sort()).toEqual([
      'variable HOST of web and worker is missing in helm; production has "a.example", and so it is with CORS_DOMAIN',
      'variable TZ of web is only in helm: "UTC"',
      'web: helm gives CORS_DOMAINS where production gives CORS_DOMAIN ("http://a.example"); one of the names is probably wrong',
    ])
  })

  test('who a process runs as, and what follows from it', () => {
    const as = (uid: number, home: string, changes: { [fact: string]: Json }) => ({
      web: processOf({ HOME: home, LEVEL: 'INFO' }, { user: { uid, gid: uid }, ...changes }),
    })
    const findings = found(
      seen(
        { process: as(1000, '/app', { paths: { '/run': 'read-only' }, privileges: { capabilities: [] } }) },
        { process: as(0, '/root', { paths: { '/run': 'writable' }, privileges: { capabilities: ['CHOWN'] } }) },
      ),
    )
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^the user \(gid\) of web is 0 in helm, 1000 in production/),
    ])
  })

  test('another command, and the signals that it handles', () => {
    const run = (argv: string[], SIGTERM: string) => ({ web: processOf({}, { argv, signals: { SIGTERM } }) })
    const findings = found(seen({ process: run(['gunicorn'], 'handled') }, { process: run(['tail'], 'default') }))
    expect(findings.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(/^the command \(0\) of web/)])
  })

  test('the variable of a locale, and the character set that comes of it', () => {
    const with_ = (lang: string, charset: string) => ({ web: processOf({ LC_ALL: lang }, { charset }) })
    const findings = found(seen({ process: with_('C.UTF-8', 'UTF-8') }, { process: with_('POSIX', 'ANSI_X3.4-1968') }))
    expect(findings.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(/^variable LC_ALL of web/)])
  })

  test('how tasks are sent, and what comes of sending one', () => {
    const of = (readUrl: string, outcome: Json) => ({
      celery: { roles: { worker: { broker: { readUrl } } }, roundTrip: { outcome } },
    })
    const findings = found(
      seen(of('redis://cache/0', { state: 'SUCCESS' }), of('redis://cache/3', { $error: 'still PENDING after 15 s' })),
    )
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^celery: roles › broker › readUrl of worker is "redis:\/\/cache\/3" in helm/),
    ])
  })

  test('how one store is set up, and what comes of using that one', () => {
    const of = (collation: string, words: string, keys: number) => ({
      data: { postgres: { server: { collation }, roundTrip: { words } }, redis: { roundTrip: { keys } } },
    })
    const findings = found(seen(of('C', 'Zoë', 1), of('en_US.utf8', 'Ähre', 2)))
    expect(findings.map(({ sentence }) => sentence).sort()).toEqual([
      expect.stringMatching(/^data: postgres › server › collation/),
      expect.stringMatching(/^data: redis › roundTrip/),
    ])
  })

  test('the variables that a platform adds by itself', () => {
    const links = {
      CACHE_SERVICE_HOST: '<cache>',
      CACHE_SERVICE_PORT: '6379',
      CACHE_PORT: 'tcp://<cache>:6379',
      CACHE_PORT_6379_TCP_ADDR: '<cache>',
    }
    const findings = found(
      seen(
        {
          process: { web: processOf({}), worker: processOf({}) },
          celery: { workers: [{ pool: 'prefork' }] },
        },
        {
          process: { web: processOf({ ...links, SMTP_PORT: '25' }), worker: processOf(links) },
          celery: { workers: [{ pool: 'solo' }] },
        },
      ),
    )
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      "web and worker: the platform of helm adds variables with the addresses of services, which production does not have (CACHE_PORT, CACHE_PORT_6379_TCP_ADDR, CACHE_SERVICE_HOST and 1 more); enableServiceLinks: false in the pods' template leaves them out",
      'variable SMTP_PORT of web is only in helm: "25"',
      expect.stringContaining('"solo"'),
    ])
    const [finding] = found(seen({ process: { web: processOf(links) } }, { process: { web: processOf({}) } }))
    expect(finding?.sentence).toMatch(/^web: the platform of production adds variables .*, which helm does not have/)
  })

  test('variables that a role does not get are told together, by their names', () => {
    const given = { DB_HOST: 'db', BROKER_URL: 'redis://cache/0', LEVEL: 'INFO' }
    const [finding, ...others] = found(
      seen(
        { process: { web: processOf(given), worker: processOf(given) } },
        { process: { web: processOf(given), worker: processOf({}) } },
      ),
    )
    expect(others).toEqual([])
    expect(finding?.sentence).toBe(
      'variable BROKER_URL of worker is missing in helm; production has "redis://cache/0", and so it is with DB_HOST and LEVEL',
    )
  })

  test('other settings modules, and all that follows from them', () => {
    const module = (name: string) => ({
      web: processOf({ DJANGO_SETTINGS_MODULE: name }),
      worker: processOf({ DJANGO_SETTINGS_MODULE: name }),
    })
    const pages = (title: string) =>
      Object.fromEntries(['a', 'b', 'c'].map((name) => [name, answer(404, { body: { title, name: title + name } })]))
    const findings = found(
      seen(
        {
          process: module('config.production'),
          settings: { roles: {}, settings: { DEBUG: false, LOG: 1 } },
          http: pages('Not Found'),
        },
        {
          process: module('config.development'),
          settings: { roles: {}, settings: { DEBUG: true, LOG: 2 } },
          http: pages('Page not found'),
        },
      ),
    )
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'variable DJANGO_SETTINGS_MODULE of web and worker is "config.development" in helm, "config.production" in production; it also shows in settings (2 places) and http ("a", "b" and "c")',
    ])
  })

  test('another program of one role, and its answers, of which settings of another role explain nothing', () => {
    const of = (name: string, argv: string, cacheControl: string) => ({
      process: {
        web: processOf({ DJANGO_SETTINGS_MODULE: name }),
        beat: { ...processOf({}), argv: [argv] },
      },
      settings: { rolesDiffer: { CACHES: name, REDIS_URL: name } },
      http: { 'missing page of beat': answer(404, { headers: { 'cache-control': cacheControl } }) },
    })
    const findings = found(seen(of('production', 'nginx', 'no-store'), of('development', 'vite', 'no-cache')))
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^the command .* of beat is "vite" .* it also shows in http \("missing page of beat"\)$/),
      expect.stringMatching(/^variable DJANGO_SETTINGS_MODULE of web .* it also shows in settings \(2 places\)$/),
    ])
  })

  test('every answer refused for one reason', () => {
    const all = (status: number) => ({
      live: answer(status),
      other: answer(status, { body: { title: String(status) } }),
    })
    const findings = found(
      seen(
        { http: all(200), settings: { settings: { ALLOWED_HOSTS: ['web'] } } },
        { http: all(400), settings: { settings: { ALLOWED_HOSTS: [] } } },
      ),
    )
    expect(findings).toHaveLength(1)
    expect(findings[0]?.sentence).toMatch(
      /^setting ALLOWED_HOSTS is \[\] in helm, \["web"\] in production; it also shows in http/,
    )
  })

  test('a step that fails, and the later steps that need it', () => {
    const findings = found(
      seen(
        { 'journey/order': { 'log in': answer(200), create: answer(201), list: answer(200, { body: { count: 1 } }) } },
        {
          'journey/order': {
            'log in': answer(403),
            create: { $error: 'not sent: token was not captured by step "log in"' },
            list: answer(200, { body: { count: 0 } }),
          },
        },
      ),
    )
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'the status of step "log in" of journey order (POST /login of web) is 403 in helm, 200 in production; it also shows in journey/order from "create" on',
    ])
  })

  test('a step before the one that fails is another matter', () => {
    const findings = found(
      seen(
        { 'journey/order': { hello: answer(200, { headers: { vary: 'a' } }), create: answer(201) } },
        { 'journey/order': { hello: answer(200, { headers: { vary: 'b' } }), create: answer(500) } },
      ),
    )
    expect(findings).toHaveLength(2)
  })

  test('the same error wherever it was met', () => {
    const error = { $error: 'connection refused' }
    const findings = found(
      seen(
        { data: { redis: { version: 7 } }, celery: { roundTrip: { outcome: 'done' } } },
        { data: { redis: error }, celery: { roundTrip: error } },
      ),
    )
    expect(findings).toHaveLength(1)
  })

  test('a role that an environment does not have', () => {
    const web = processOf({})
    const findings = found(
      seen({ process: { web, worker: web }, health: { worker: { failing: {} } } }, { process: { web }, health: {} }),
    )
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'helm has no worker, which production has (process and health)',
    ])
  })

  test('packages', () => {
    const installed = (django: string, redis: string) => ({ django: { version: django }, redis: { version: redis } })
    const python = (django: string, redis: string) => ({
      python: { web: { installed: installed(django, redis) }, worker: { installed: installed(django, redis) } },
    })
    const findings = found(seen({ packages: python('5.1', '5.0') }, { packages: python('5.2', '5.3') }))
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'package django of web and worker is "5.2" in helm, "5.1" in production, and so it is with redis',
    ])
  })

  test('a service that died', () => {
    const dead = { environment: 'helm', role: 'web', message: 'web exited with code 1\nlast words' }
    const values = { http: { live: answer(200) }, process: { web: processOf({}) } }
    const findings = found(seen(values, values, { casualties: [dead] }))
    expect(findings).toMatchObject([
      {
        verdict: 'unknown',
        sentence: 'nothing can be said of http and process in helm: in helm, web exited with code 1',
        members: [{ pointer: '' }, { pointer: '' }],
      },
    ])
  })
})

test('two causes are two findings', () => {
  const findings = found(
    seen(
      { process: { web: processOf({ LEVEL: 'INFO' }) }, http: { live: answer(200, { headers: { vary: 'a' } }) } },
      {
        process: { web: processOf({ LEVEL: 'DEBUG' }, { user: { uid: 0, gid: 0 } }) },
        http: { live: answer(200, { headers: { vary: 'b' } }) },
      },
    ),
  )
  expect(findings.map(({ sentence }) => sentence)).toEqual([
    'variable LEVEL of web is "DEBUG" in helm, "INFO" in production',
    'the user (gid) of web is 0 in helm, 1000 in production, and so it is with uid',
    'header vary of "live" (GET /health/live of web) is "b" in helm, "a" in production',
  ])
})

test('what was read from files is told apart from what was seen, and after it', () => {
  const recording = seen(
    { static: { web: 1 }, http: { live: answer(200) } },
    { static: { web: 2 }, http: { live: answer(500) } },
  )
  for (const each of recording.observations) if (each.probe === 'static') each.basis = 'read'
  expect(found(recording)).toMatchObject([{ members: [{ probe: 'http' }] }, { basis: 'read', look: [] }])
})

test('the same finding has the same name in the next run, and says where its cause is written', () => {
  const recording = (level: string) =>
    seen(
      { process: { web: processOf({ LEVEL: 'INFO' }) } },
      { process: { web: processOf({ LEVEL: level }) } },
      { sources: { helm: [{ role: 'web', what: 'env LEVEL', file: 'values.yaml', line: 7, text: 'LEVEL: DEBUG' }] } },
    )
  const [first, second] = [found(recording('DEBUG')), found(recording('TRACE'))]
  expect(first[0]?.id).toBe(second[0]?.id)
  expect(first[0]?.places).toMatchObject([{ file: 'values.yaml', line: 7 }])
})

test('nothing that differs is in no finding', () => {
  const recording = seen(
    { http: { live: answer(200) }, data: { version: 1, names: ['a'] }, process: { web: processOf({ A: '1' }) } },
    { http: { live: { $error: 'refused' } }, data: { version: 2, names: [] }, process: { web: { $error: 'gone' } } },
  )
  const { results } = judge(recording, [])
  const all = results.flatMap(({ probe, differences }) => differences.map(({ pointer }) => ({ probe, pointer })))
  const told = findingsOf(recording, results).flatMap(({ members }) => members)
  expect(told).toHaveLength(all.length)
  expect(told).toEqual(expect.arrayContaining(all))
})
