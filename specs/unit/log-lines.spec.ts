import { expect, test } from 'vitest'
import { fake } from '../../harness/environments/fake.ts'
import { byTime, logLine, logLines } from '../../harness/log-lines.ts'
import { service } from './recording.ts'

test('lines stand in order of time, to the last digit and across zones and centuries', () => {
  const times = [
    '1999-12-31T23:59:59Z',
    '2026-01-01T10:00:00Z',
    '2026-01-01T10:00:00.000000002Z',
    '2026-01-01T10:00:00.00000001Z',
    '2026-01-01T11:00:00.5+01:00',
    '2026-01-01T10:00:01Z',
  ]
  const lines = times.map((time) => ({ time }))
  expect(lines.toReversed().sort(byTime)).toEqual(lines)
})

test('a line is taken apart at its time; what stands behind none is not the service’s', () => {
  expect(logLine('web', '2026-01-01T10:00:00.1Z  indented')).toEqual({
    role: 'web',
    time: '2026-01-01T10:00:00.1Z',
    text: ' indented',
  })
  expect(logLine('web', '2026-01-01T10:00:00Z ')).toMatchObject({ text: '' })
  expect(logLine('web', 'Error response from daemon')).toBeUndefined()
})

test('the logs of several services become one', async () => {
  const environment = await fake('any', { web: { log: 'one\ntwo' }, worker: { log: 'three' } })
  try {
    const lines = await logLines([...Object.values(environment.services), service('gone', { logs: ['false'] })])
    expect(lines.map(({ role, text }) => `${role} ${text}`)).toEqual(['web one', 'web two', 'worker three'])
  } finally {
    await environment.down()
  }
})
