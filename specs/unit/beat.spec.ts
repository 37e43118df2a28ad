import { describe, expect, test } from 'vitest'
import { alive } from '../../harness/probes/beat.ts'
import { countSchedulers } from '../../harness/probes/schedulers.ts'
import { ticksPerDue, windowSeconds } from '../../harness/probes/ticks.ts'
import { environment, service } from './recording.ts'

const processes = (...lines: [id: number, parent: number, ...args: string[]][]) =>
  lines.map(([id, parent, ...args]) => `\x1e${id} ${parent}\x1f${args.map((arg) => `${arg}\n`).join('')}`).join('')

const [none, beat, embedded] = [
  { alone: 0, embedded: 0 },
  { alone: 1, embedded: 0 },
  { alone: 0, embedded: 1 },
]

describe('schedulers', () => {
  test('beat by itself is one, also below the shell or the reloader that holds it', () => {
    expect(countSchedulers(processes([1, 0, '/opt/venv/bin/celery', '--app=config', 'beat']))).toEqual(beat)
    const below = processes(
      [1, 0, 'sh', '-c', 'celery -A config beat'],
      [7, 1, 'watchmedo', 'auto-restart', '--', 'celery', '-A', 'config', 'beat'],
      [8, 7, 'sh', '-c', 'celery -A config beat'],
      [9, 8, 'python', '/usr/bin/celery', '-A', 'config', 'beat'],
    )
    expect(countSchedulers(below)).toEqual(beat)
    expect(countSchedulers(processes([1, 0, 'python', 'manage.py', 'celery_beat'], [2, 1, 'celery', 'beat']))).toEqual(
      beat,
    )
  })

  test('a worker that was started with -B is one, whatever its pool', () => {
    const worker = ['celery', '-A', 'config', 'worker', '-B'] as const
    expect(countSchedulers(processes([1, 0, ...worker], [8, 1, ...worker], [9, 1, ...worker]))).toEqual(embedded)
    const titled = '[celeryd: celery@host:MainProcess] -active- (-A config worker --beat)'
    expect(countSchedulers(processes([1, 0, titled]))).toEqual(embedded)
  })

  test('a worker without -B is none, even of a queue that is called beat', () => {
    expect(countSchedulers(processes([1, 0, 'celery', '-A', 'config', 'worker', '-Q', 'beat']))).toEqual(none)
    expect(countSchedulers(processes([1, 0, 'gunicorn', 'config.wsgi'], [2, 1, 'echo', 'beat']))).toEqual(none)
  })

  test('within the workers of a role with replicas they are as many as the replicas', () => {
    const found = { web: none, client: none, worker: embedded, beat }
    const celery = { app: 'config', publisher: 'web', worker: 'worker', beat: 'beat', python: ['python'], tasks: [] }
    const shop = environment('shop', [service('worker', { aliases: ['app-worker-5d9c7-x2x8q'] })])
    const nodes = ['celery@app-worker-5d9c7-x2x8q', 'celery@app-worker-5d9c7-zzzzz']
    expect(alive(found, nodes, celery, shop)).toEqual({ web: 0, worker: 2, beat: 1 })
    expect(alive(found, [], celery, shop)).toEqual({ web: 0, worker: 1, beat: 1 })
  })

  test('two that stand side by side are two', () => {
    const both = processes([1, 0, 'supervisord'], [2, 1, 'celery', 'beat'], [3, 1, 'celery', 'worker', '-B'])
    expect(countSchedulers(both)).toEqual({ alone: 1, embedded: 1 })
  })
})

describe('ticks', () => {
  const entry = (everySeconds: number | null, enabled = true) => ({ sends: '', enabled, everySeconds, overdue: false })

  test('are counted over twice the shortest schedule, and not at all where that is long', () => {
    expect(windowSeconds({ a: entry(5), b: entry(60), c: entry(null), d: entry(1, false) }, undefined)).toBe(10)
    expect(windowSeconds({ b: entry(60), c: entry(null) }, undefined)).toBe(0)
    expect(windowSeconds({}, undefined)).toBe(0)
    expect(windowSeconds({ b: entry(60) }, 120)).toBe(120)
  })

  test('one scheduler sends once when an entry is due, two send twice, in or out of step', () => {
    expect(ticksPerDue([3, 13], 10, 20)).toBe(1)
    expect(ticksPerDue([3, 3.1, 13, 13.2], 10, 20)).toBe(2)
    expect(ticksPerDue([3, 12, 13], 10, 20)).toBe(2)
    expect(ticksPerDue([], 10, 20)).toBe(0)
  })

  test('of short schedules the mean is told, which a late tick does not change', () => {
    expect(ticksPerDue([0.5, 1.9, 2.1, 3.1, 4.1, 5.1, 6.1, 7.1], 1, 8)).toBe(1)
    expect(ticksPerDue([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8], 1, 8)).toBe(2)
  })

  test('an entry that is due too seldom for the window is not counted', () => {
    expect(ticksPerDue([], 60, 20)).toBeNull()
    expect(ticksPerDue([], null, 20)).toBeNull()
  })
})
