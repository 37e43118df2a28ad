/** A run that is ended at thirty moments of its life, one after the other, leaves nothing at any of them. */
import { beforeAll, expect, test } from 'vitest'
import { waitFor } from '../../harness/poll.ts'
import { type RunOptions, stackTrace, workplace } from '../cli/parity.ts'

const MOMENTS = 30
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const

/** Of a run that nobody ends. */
let wholeSeconds: number

beforeAll(async () => {
  await using place = await workplace()
  const start = performance.now()
  expect((await place.check()).exitCode).toBe(0)
  wholeSeconds = (performance.now() - start) / 1000
})

const moments = Array.from({ length: MOMENTS }, (_, index) => ({
  signal: SIGNALS[index % SIGNALS.length] as (typeof SIGNALS)[number],
  percent: Math.round((100 * (index + 1)) / (MOMENTS + 1)),
}))

test.each(moments)('$signal after $percent % of its time', async ({ signal, percent }) => {
  await using place = await workplace()
  const due = performance.now() + (wholeSeconds * 1000 * percent) / 100
  let sent = false
  const onLine: RunOptions['onLine'] = async (_, kill) => {
    if (sent) return
    sent = true
    const check = async () => performance.now() >= due || undefined
    await waitFor({ what: 'the moment', withinSeconds: wholeSeconds, everySeconds: 0.01, check })
    try {
      kill(signal)
    } catch (error) {
      // It was quicker this time, and is over.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  if (signal === 'SIGKILL') {
    const killed = await place.check([], { onLine }).catch((error: Error) => error.message)
    if (typeof killed === 'string') expect(killed).toContain('was ended by SIGKILL')
    expect((await place.parity(['clean'])).exitCode).toBe(0)
  } else {
    const { exitCode, stderr } = await place.check([], { onLine })
    expect([0, 130]).toContain(exitCode)
    expect(stderr).not.toMatch(stackTrace)
  }
  expect(await place.leftovers()).toEqual([])
})
