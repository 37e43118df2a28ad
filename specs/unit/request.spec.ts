import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { send } from '../../harness/probes/request.ts'
import { REFUSED, serverThat, signal } from './server.ts'

const get = (url: string) => ({ method: 'GET', url, headers: {} })

test('a redirect is an answer, and every cookie is kept as it came', async () => {
  const url = await serverThat((_, response) => {
    response.writeHead(302, { location: '/elsewhere', 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] }).end()
  })
  const answer = await send(get(url), { signal })
  expect(answer.status).toBe(302)
  expect(answer.headers.location).toBe('/elsewhere')
  expect(answer.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/'])
})

test('the Host header can be set', async () => {
  const url = await serverThat(({ headers }, response) => response.end(headers.host))
  const answer = await send({ ...get(url), headers: { host: 'tracker.example' } }, { signal })
  expect(answer.body.toString()).toBe('tracker.example')
})

test('a body is decompressed only when asked', async () => {
  const compressed = gzipSync('hello')
  const url = await serverThat((_, response) => response.setHeader('content-encoding', 'gzip').end(compressed))
  expect((await send(get(url), { signal })).body).toEqual(compressed)
  expect((await send(get(url), { signal, decompress: true })).body.toString()).toBe('hello')
})

test('a body that is not what it says is an error', async () => {
  const url = await serverThat((_, response) => response.setHeader('content-encoding', 'gzip').end('hello'))
  await expect(send(get(url), { signal, decompress: true })).rejects.toThrow('the body says it is gzip, but is not')
})

test('a refused connection is told without address and port', async () => {
  await expect(send(get(REFUSED), { signal })).rejects.toThrow(/^connect ECONNREFUSED$/)
})

test('a connection closed before or within the answer reads the same', async () => {
  const closed = 'ECONNRESET: the connection was closed before the whole answer came'
  const before = await serverThat(({ socket }) => socket.destroy())
  const within = await serverThat((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy())
  })
  await expect(send(get(before), { signal })).rejects.toThrow(closed)
  await expect(send(get(within), { signal })).rejects.toThrow(closed)
})

test('an answer that is not HTTP is told apart from none', async () => {
  const server = createServer((socket) => socket.end('+PONG\r\n')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await expect(send(get(`http://127.0.0.1:${port}`), { signal })).rejects.toThrow('the answer is not HTTP')
})

test("the end of the run is not an observation but the signal's own reason", async () => {
  const url = await serverThat(() => {})
  const controller = new AbortController()
  const answer = send(get(url), { signal: controller.signal })
  controller.abort(new Error('interrupted'))
  await expect(answer).rejects.toThrow(/^interrupted$/)
})
