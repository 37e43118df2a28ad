import { expect, test } from 'vitest'
import { settles } from '../../harness/probes/events/around.ts'
import { requestsDuring } from '../../harness/probes/events/meanwhile.ts'
import { configWith, environmentWith, serverThat, signal } from './server.ts'

test.each([
  ['is well', [200, 404, 200], { lost: 'none', inNumbers: { $remark: expect.stringMatching(/^0 of \d+$/) } }],
  [
    'fails at times',
    [200, 503, 200],
    { lost: 'some', inNumbers: { $remark: expect.stringMatching(/^1 of \d+: status 503$/) } },
  ],
  [
    'hangs up',
    [200, 0, 503],
    { lost: 'some', inNumbers: { $remark: expect.stringMatching(/^2 of \d+: ECONNRESET.*, status 503$/) } },
  ],
])('requests to a server that %s while something happens', async (_, statuses, requests) => {
  const enough = Promise.withResolvers<void>()
  let count = 0
  const web = await serverThat(({ socket }, response) => {
    const status = statuses[count++] ?? 200
    if (count === statuses.length) enough.resolve()
    if (status === 0) socket.destroy()
    else response.writeHead(status).end()
  })
  const config = configWith({ events: { ready: { path: '/ready' } } })
  const { events } = config
  if (!events) throw new Error('there are no events')
  const scene = { config: { ...config, events }, environment: environmentWith({ web }), signal }
  const happened = await requestsDuring(scene, () => enough.promise.then(() => 'it happened'))
  expect(happened).toEqual({ came: 'it happened', requests })
})

test.each([
  ['answers 503', 503, true],
  ['hangs up', 0, true],
  ['is well', 200, { 'after 1 s': { status: 200 } }],
])('a server that %s: is it noticed that it cannot work?', async (_, status, noticed) => {
  const web = await serverThat(({ socket }, response) => {
    if (status === 0) socket.destroy()
    else response.writeHead(status).end()
  })
  const config = configWith({ events: { ready: { path: '/ready' } } })
  const { events } = config
  if (!events) throw new Error('there are no events')
  const until = (seen: number | 'refused') => seen === 'refused' || seen >= 500
  const environment = environmentWith({ web })
  expect(await settles({ ...config, events }, environment, signal, { until, withinSeconds: 1 })).toEqual(noticed)
})
