/** Saved runs as people will meet them, made small. */
import { judge } from '../../harness/compare/judge.ts'
import type { AcceptedDifference, Environment, Finding, Json, Moment, Recording, Report } from '../../harness/model.ts'
import { reportOf } from '../../harness/report/report.ts'
import { environment, service } from '../unit/recording.ts'

const CANDIDATES = ['development', 'staging']
const started = (name: string, readySeconds: number): Environment => ({
  ...environment(name, [
    service('web', { image: 'shop/web:3', provenance: 'built from server/Dockerfile (production)' }),
    service('worker', { image: 'shop/web:3', provenance: 'built from server/Dockerfile (production)' }),
    service('database', { image: 'postgres:17-trixie', provenance: 'pulled postgres@sha256:0f3a', ownImage: false }),
    service('cache', { image: 'redis:8-trixie', provenance: 'pulled redis@sha256:77ab', ownImage: false }),
  ]),
  kind: { production: 'containers', development: 'compose', staging: 'kind' }[name] ?? 'fake',
  readySeconds,
  buildSeconds: 12.4,
})

/** What every environment answers, but for what a run changes. */
const ANSWERS: Record<string, Json> = {
  'http/home': { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } },
  'http/health': { status: 200, body: { database: 'ok', cache: 'ok', at: '2026-11-25T10:00:00Z' } },
  'http/orders': { status: 200, body: { count: 2, results: [{ id: 1, state: 'paid' }] } },
  'journey/sign-in': { steps: [{ status: 302 }, { status: 200 }] },
  'journey/order': { steps: [{ status: 201 }, { status: 200, state: 'shipped' }] },
  'settings/web': { DEBUG: false, ALLOWED_HOSTS: ['shop.example'], CACHES: { default: 'redis' } },
  'settings/worker': { DEBUG: false, CACHES: { default: 'redis' } },
  'process/web': { user: 'app', command: 'gunicorn shop.wsgi --workers 2' },
  'process/worker': { user: 'app', command: 'celery -A shop worker' },
  'celery/tasks': { 'shop.tasks.ship': { state: 'SUCCESS', runs: 1 } },
  'data/orders': { rows: 2 },
  assets: { 'index.css': 200, 'index.js': 200 },
}

type Answers = Record<string, Record<string, Json>>

function run(changes: Answers = {}, more: Partial<Recording> = {}): Recording {
  const environments = [started('production', 9.8), started('development', 14.2), started('staging', 41.6)]
  const observations = Object.entries(ANSWERS).flatMap(([probe, usual], index) => {
    const one = (name: string, again = 0) => ({
      probe,
      environment: name,
      startedAt: new Date(Date.parse('2026-01-01T00:00:45Z') + (index * 2 + again * 30) * 1000).toISOString(),
      seconds: 0.2 + (index % 4) * 0.7,
      value: changes[name]?.[probe] ?? usual,
    })
    return [one('production'), one('production', 1), ...CANDIDATES.map((name) => one(name))]
  })
  return {
    project: 'shop',
    reference: 'production',
    date: '2026-11-25',
    environments,
    observations,
    casualties: [],
    notAsked: [{ probe: 'events/upgrade', reason: 'left out of this run' }],
    timelines: Object.fromEntries(environments.map(({ name }) => [name, life(name)])),
    ...more,
  }
}

function life(name: string): Moment[] {
  const at = (atSeconds: number, kind: Moment['kind'], role: string | null, text: string): Moment => ({
    atSeconds,
    kind,
    role,
    text,
  })
  const usual = [
    at(1.2, 'health', 'database', 'created'),
    at(2.9, 'log', 'database', 'LOG:  database system is ready to accept connections'),
    at(4.1, 'log', 'cache', '* Ready to accept connections tcp'),
    at(6.3, 'log', 'web', '[2026-01-01 00:00:06 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)'),
    at(7.7, 'log', 'worker', '[2026-01-01 00:00:07,711: INFO/MainProcess] celery@worker ready.'),
    ...Object.keys(ANSWERS).map((probe, index) => at(45 + index * 2, 'request', null, probe)),
    at(53.3, 'log', 'worker', '[2026-01-01 00:00:53,300: INFO/ForkPoolWorker-1] Task shop.tasks.ship succeeded'),
  ]
  const strange = at(
    49.4,
    'log',
    'web',
    "[2026-01-01 00:00:49 +0000] [9] [WARNING] Invalid HTTP_HOST header: '10.244.0.17:8000'",
  )
  const event = at(70, 'event', null, 'events/kill')
  return [...usual, ...(name === 'staging' ? [strange] : []), event].sort((a, b) => a.atSeconds - b.atSeconds)
}

const ACCEPTED: AcceptedDifference[] = [
  {
    probe: 'settings/web',
    environment: 'development',
    pointer: '/DEBUG',
    reference: false,
    candidate: true,
    reason: 'development shows tracebacks to the people who write the code',
    review: '2027-06-01',
  },
]
const debug = { development: { 'settings/web': { ...(ANSWERS['settings/web'] as object), DEBUG: true } as Json } }

/** Nothing differs but what is accepted. */
export function healthy(): Report {
  const recording = run(debug)
  return reportOf(recording, judge(recording, ACCEPTED))
}

/** A header set and a body in staging, a command line in development, and one question that failed. */
export function threeFindings(): Report {
  const recording = run({
    development: {
      ...debug.development,
      'process/worker': { user: 'root', command: 'watchfiles celery -A shop worker' },
    },
    staging: {
      'http/home': {
        status: 400,
        headers: { 'content-type': 'text/html', 'x-frame-options': 'DENY' },
        body: '<h1>Bad Request (400)</h1>\nInvalid HTTP_HOST header\nYou may need to add it to ALLOWED_HOSTS.\n',
      },
      'http/orders': {
        status: 200,
        body: { count: 3, results: [{ id: 1, state: 'paid', total: { net: 10, gross: 11.9 } }] },
      },
    },
  })
  for (const observation of recording.observations) {
    if (observation.environment === 'staging' && observation.probe === 'celery/tasks') {
      observation.value = null
      observation.failure = 'worker did not answer within 10 s: no reply from celery@worker'
    }
  }
  const report = reportOf(recording, judge(recording, ACCEPTED))
  return {
    ...report,
    findings: [hosts(report), reloader(report), ...report.findings.filter(({ verdict }) => verdict === 'unknown')],
  }
}

function hosts({ results }: Report): Finding {
  return {
    id: 'F-3a9c1e',
    environment: 'staging',
    verdict: 'different',
    sentence: 'web refuses every request in staging with 400: ALLOWED_HOSTS does not name the host it is reached by',
    roles: ['web'],
    places: [
      {
        role: 'web',
        what: 'env ALLOWED_HOSTS',
        file: 'chart/templates/configmap.yaml',
        line: 14,
        text: '  ALLOWED_HOSTS: {{ .Values.ingress.host | quote }}',
      },
      { role: 'web', what: 'env ALLOWED_HOSTS', file: 'chart/values.yaml', line: 31, text: '  host: shop.example' },
    ],
    look: [
      'curl -i http://127.0.0.1:30080/',
      'kubectl --namespace parity-shop-staging-7f21aa exec deployment/web -- env',
    ],
    members: results
      .filter(({ environment, probe }) => environment === 'staging' && probe.startsWith('http/'))
      .flatMap(({ probe, differences }) => differences.map(({ pointer }) => ({ probe, pointer }))),
  }
}

function reloader({ results }: Report): Finding {
  return {
    id: 'F-b01d5e',
    environment: 'development',
    verdict: 'different',
    sentence: 'a reloader stands above the worker in development, and it runs as root',
    roles: ['worker'],
    places: [
      {
        role: 'worker',
        what: 'command',
        file: 'compose.yaml',
        line: 22,
        text: 'command: watchfiles celery -A shop worker',
      },
    ],
    look: ['docker exec parity-shop-development-worker-1 ps axf'],
    members: results
      .filter(({ environment, probe }) => environment === 'development' && probe === 'process/worker')
      .flatMap(({ probe, differences }) => differences.map(({ pointer }) => ({ probe, pointer }))),
  }
}

/** The cluster did not start, so nothing was asked. */
export function notStarted(): Report {
  const message = [
    'web-6d5f7c9b8-x2x4p can never become ready: web waits with CrashLoopBackOff; ended 3 times, last with exit code 1 (Error)',
    '  | Traceback (most recent call last):',
    '  |   File "/app/manage.py", line 22, in <module>',
    '  | django.db.utils.OperationalError: connection to server at "database" failed: FATAL: password authentication failed',
  ].join('\n')
  const recording: Recording = {
    project: 'shop',
    reference: 'production',
    date: '2026-11-25',
    environments: [],
    observations: [],
    casualties: [],
    notAsked: [],
    failures: [{ environment: 'staging', message }],
  }
  return reportOf(recording, judge(recording, []))
}

/** An application that answers markup wherever it can, in names, values, errors and logs. */
export function hostile(): Report {
  const evil = `</script></style><script>alert(1)</script><img src=x onerror=alert(2)>"'><svg onload=alert(3)>`
  const recording = run({
    staging: { 'http/home': { [evil]: evil, headers: { [evil]: evil }, text: `${evil}\n${evil}` } },
  })
  recording.project = evil
  recording.casualties = [{ environment: 'development', role: evil, message: evil }]
  recording.notAsked = [{ probe: evil, reason: evil }]
  recording.failures = [{ environment: evil, message: evil }]
  recording.timelines = { production: [], staging: [{ atSeconds: 1, kind: 'log', role: evil, text: `ERROR ${evil}` }] }
  const report = reportOf(recording, judge(recording, []))
  const finding: Finding = {
    id: 'F-000bad',
    environment: 'staging',
    verdict: 'different',
    sentence: evil,
    roles: [evil],
    places: [{ role: evil, what: evil, file: evil, line: 1, text: evil }],
    look: [evil],
    members: [{ probe: 'http/home', pointer: '/text' }],
  }
  return { ...report, findings: [finding, ...report.findings] }
}
