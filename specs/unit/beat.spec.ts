import { describe, expect, test } from 'vitest'
import { countSchedulers } from '../../harness/probes/schedulers.ts'
import { ticksPerDue, windowSeconds } from '../../harness/probes/ticks.ts'

const processes = (...lines: [id: number, parent: number, ...args: string[]][]) =>
  lines.map(([id, parent, ...args]) => `\x1e${id} ${parent}\x1f${args.map((arg) => `${arg}\n`).join('')}`).join('')

describe('schedulers', () => {
  test('beat by itself is one, also below the shell or the reloader that holds it', () => {
    expect(countSchedulers(processes([1, 0, '/opt/venv/bin/celery', '--app=config', 'beat']))).toBe(1)
    const below = processes(
      [1, 0, 'sh', '-c', 'celery -A config beat'],
      [7, 1, 'watchmedo', 'auto-restart', '--', 'celery', '-A', 'config', 'beat'],
      [8, 7, 'sh', '-c', 'celery -A config beat'],
      [9, 8, 'python', '/usr/bin/celery', '-A', 'config', 'beat'],
    )
    expect(countSchedulers(below)).toBe(1)
    expect(countSchedulers(processes([1, 0, 'python', 'manage.py', 'celery_beat'], [2, 1, 'celery', 'beat']))).toBe(1)
  })

  test('a worker that was started with -B is one, whatever its pool', () => {
    const worker = ['celery', '-A', 'config', 'worker', '-B'] as const
    expect(countSchedulers(processes([1, 0, ...worker], [8, 1, ...worker], [9, 1, ...worker]))).toBe(1)
    const titled = '[celeryd: celery@host:MainProcess] -active- (-A config worker --beat)'
    expect(countSchedulers(processes([1, 0, titled]))).toBe(1)
  })

  test('a worker without -B is none, even of a queue that is called beat', () => {
    expect(countSchedulers(processes([1, 0, 'celery', '-A', 'config', 'worker', '-Q', 'beat']))).toBe(0)
    expect(countSchedulers(processes([1, 0, 'gunicorn', 'config.wsgi'], [2, 1, 'echo', 'beat']))).toBe(0)
  })

  test('two that stand side by side are two', () => {
    const both = processes([1, 0, 'supervisord'], [2, 1, 'celery', 'beat'], [3, 1, 'celery', 'worker', '-B'])
    expect(countSchedulers(both)).toBe(2)
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
