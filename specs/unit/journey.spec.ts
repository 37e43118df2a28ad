import { expect, test } from 'vitest'
import type { Json } from '../../harness/model.ts'
import { journeyProbes } from '../../harness/probes/journey.ts'
import { type Answering, configWith, environmentWith, serverThat, signal } from './server.ts'

const walk = async (steps: unknown[], answers: Answering) => {
  const [probe] = journeyProbes(configWith({ journeys: { order: steps } }))
  expect(probe?.name).toBe('journey/order')
  return probe?.observe(environmentWith({ web: await serverThat(answers) }), signal) as Promise<Record<string, Json>>
}
const json = (response: Parameters<Answering>[1], value: Json, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

test('values are carried from step to step and shown by their names', async () => {
  const seen = await walk(
    [
      {
        name: 'log in',
        request: { method: 'POST', path: '/login', json: { username: 'demo' } },
        capture: { token: '/token', csrf: { cookie: 'csrftoken' }, where: { header: 'location' } },
      },
      {
        name: 'start',
        request: { method: 'POST', path: '${where}' },
        capture: { task: '/task/id', number: '/number' },
      },
      {
        name: 'read',
        request: { path: '/tasks/${task}?n=${number}', headers: { 'X-CSRFToken': '${csrf}' } },
        capture: { first: { regex: '"n":"(\\d)"' } },
      },
      { name: 'read', request: { path: '/last/${first}' } },
    ],
    ({ url, headers }, response) => {
      if (url === '/login') {
        response.setHeader('set-cookie', 'csrftoken=c-123456; Path=/').setHeader('location', '/orders/2026/new')
        return json(response, { token: 'abc' })
      }
      if (url === '/orders/2026/new') {
        return json(response, {
          task: { id: '0b7c9d54-6b6f-4c39-9d7e-3e0c1a2b3c4d' },
          number: 17,
          cookie: headers.cookie ?? '',
        })
      }
      json(response, {
        url: url ?? '',
        csrf: String(headers['x-csrftoken']),
        n: new URL(url ?? '', 'http://x').searchParams.get('n')?.[0] ?? '',
      })
    },
  )
  expect(Object.keys(seen)).toEqual(['log in', 'start', 'read', 'read (2)'])
  expect(seen['log in']).toMatchObject({
    headers: { location: '<where>' },
    body: { token: '<token>' },
    captured: { token: '<token>', csrf: 'c-<number>', where: '/orders/<number>/new' },
  })
  expect(seen.start).toMatchObject({
    body: { task: { id: '<task>' }, number: 17, cookie: 'csrftoken=<csrf>' },
    captured: { task: '<uuid>', number: { $captured: 17 } },
  })
  expect(seen.read).toMatchObject({ body: { url: '/tasks/<task>?n=17', csrf: '<csrf>', n: '1' } })
  expect(seen['read (2)']).toMatchObject({ body: { url: '/last/1' } })
})

test('a captured value is replaced only where it stands as a whole', async () => {
  const seen = await walk([{ name: 'list', request: { path: '/' }, capture: { id: '/id' } }], (_, response) =>
    json(response, { id: 'item', path: '/item/', plural: 'items' }),
  )
  expect(seen.list).toMatchObject({ body: { id: '<id>', path: '/<id>/', plural: 'items' }, captured: { id: 'item' } })
})

test('a step that cannot be sent names what is missing, and the others go on', async () => {
  const seen = await walk(
    [
      { name: 'create', request: { method: 'POST', path: '/' }, capture: { id: '/id' } },
      { name: 'show', request: { path: '/${id}' }, capture: { name: '/name' } },
      { name: 'rename', request: { path: '/${name}' } },
      { name: 'list', request: { path: '/' } },
    ],
    (_, response) => json(response, { detail: 'no' }, 403),
  )
  expect(seen.create).toMatchObject({ status: 403, captured: { id: { $error: 'nothing at /id in the body' } } })
  expect(seen.show).toEqual({ $error: 'not sent: id was not captured by step "create"' })
  expect(seen.rename).toEqual({ $error: 'not sent: name was not captured by step "show"' })
  expect(seen.list).toMatchObject({ status: 403 })
})

test('a step may capture anew what it uses', async () => {
  const next = { name: 'next', request: { path: '/${page}' }, capture: { page: '/next' } }
  const seen = await walk(
    [{ name: 'first', request: { path: '/0' }, capture: { page: '/next' } }, next, next],
    ({ url }, response) => json(response, { url: url ?? '', next: Number(url?.slice(1)) + 1 }),
  )
  expect(seen['next (2)']).toMatchObject({ body: { url: '/2', next: 3 } })
})

test('a step with until asks again and shows the last answer alone', async () => {
  let looks = 0
  const until = { pointer: '/state', in: ['DONE'], withinSeconds: 5 }
  const seen = await walk([{ name: 'wait', request: { path: '/' }, until }], (_, response) =>
    json(response, { state: ++looks < 3 ? 'PENDING' : 'DONE' }),
  )
  expect(looks).toBe(3)
  expect(seen.wait).toMatchObject({ body: { state: 'DONE' }, pendingFor5Seconds: false })
})

test('a deadline that passes tells what was last seen', async () => {
  const until = { pointer: '/state', in: ['DONE'], withinSeconds: 0.3 }
  const seen = await walk([{ name: 'wait', request: { path: '/' }, until, capture: { id: '/id' } }], (_, response) =>
    json(response, { id: 1, state: 'PENDING' }),
  )
  expect(seen.wait).toEqual({ $error: 'still pending after 0.3 s: at /state it is "PENDING"' })
})

test('what takes long is told from what was done before the first look', async () => {
  const start = performance.now()
  const until = { pointer: '/done', in: [true], withinSeconds: 15 }
  const seen = await walk([{ name: 'wait', request: { path: '/' }, until }], (_, response) =>
    json(response, { done: performance.now() - start > 5_500 }),
  )
  expect(seen.wait).toMatchObject({ pendingFor5Seconds: true })
})
