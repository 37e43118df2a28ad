import { expect, test } from 'vitest'
import type { Json } from '../../harness/model.ts'
import { brokenValues } from '../../harness/probes/openapi/broken.ts'
import { openapiProbe } from '../../harness/probes/openapi/index.ts'
import { type Answering, configWith, environmentWith, serverThat, signal } from './server.ts'

const site = {
  type: 'object',
  required: ['name', 'kind'],
  properties: {
    id: { type: 'integer', readOnly: true },
    name: { type: 'string', maxLength: 20 },
    kind: { type: 'string', enum: ['generator', 'facility'] },
  },
}
const document = {
  openapi: '3.0.3',
  components: { schemas: { Site: site } },
  paths: {
    '/sites/': {
      get: { parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }] },
      post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Site' } } } } },
    },
    '/sites/{id}/': { get: {}, delete: {} },
  },
}

/** What was sent, and what the probe saw. */
async function asked(openapi: Record<string, unknown>, answers: Answering) {
  const requests: { line: string; body: string; token: string | undefined }[] = []
  const web = await serverThat((request, response) => {
    if (request.url === '/schema') return response.end(JSON.stringify(document))
    requests.push({
      line: `${request.method} ${request.url}`,
      body: request.body,
      token: request.headers.authorization,
    })
    answers(request, response)
  })
  const probe = openapiProbe(configWith({ openapi: { path: '/schema', ...openapi } }))
  const seen = (await probe?.observe(environmentWith({ web }), signal)) as { [name: string]: Json }
  return { requests, seen: seen as { answers: Record<string, Record<string, Json>>; leftOut: number; seed: number } }
}

const json: Answering = (request, response) => {
  const body = request.method === 'GET' ? { results: [{ id: 5 }] } : { id: 42 }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

test('a project without openapi has no such probe', () => {
  expect(openapiProbe(configWith({}))).toBeNull()
})

test('every operation is asked with a valid request, without credentials, and with one broken value for each constraint', async () => {
  const { seen } = await asked({}, json)
  expect(Object.keys(seen.answers)).toEqual(['GET /sites/', 'GET /sites/{id}/', 'POST /sites/', 'DELETE /sites/{id}/'])
  expect(Object.keys(seen.answers['POST /sites/'] ?? {})).toEqual([
    'valid',
    'without credentials',
    'name: missing',
    'kind: missing',
    'name: longer than 20',
    'name: null',
    'kind: none of the choices',
    'kind: null',
    'a list in place of an object',
  ])
  expect(Object.keys(seen.answers['GET /sites/'] ?? {})).toContain('?page: a word in place of a number')
})

test('the same seed gives the same requests, another one gives others', async () => {
  const [one, again, other] = [await asked({}, json), await asked({}, json), await asked({ seed: 2 }, json)]
  expect(again.requests).toEqual(one.requests)
  expect(other.requests).not.toEqual(one.requests)
  expect(other.seen.seed).toBe(2)
})

test('what was there before is read, but only what the probe has made is removed', async () => {
  const { requests } = await asked({}, json)
  const lines = requests.map(({ line }) => line)
  expect(lines).toContain('GET /sites/5/')
  expect(lines).toContain('DELETE /sites/42/')
  expect(lines).not.toContain('DELETE /sites/5/')
})

test('credentials go with every request but those that are to have none', async () => {
  const { requests } = await asked({ with: { Authorization: 'Token x' } }, json)
  expect(requests.filter(({ token }) => token === undefined)).toHaveLength(4)
})

test('requests beyond the limit are counted, and operations can be left out', async () => {
  const { seen, requests } = await asked({ maxRequests: 3, skip: ['^DELETE'] }, json)
  expect(requests).toHaveLength(3)
  expect(seen.leftOut).toBeGreaterThan(0)
  expect(Object.keys(seen.answers)).not.toContain('DELETE /sites/{id}/')
})

test('a document that is none is an error that was met', async () => {
  const web = await serverThat((_, response) => response.end('<html>'))
  const probe = openapiProbe(configWith({ openapi: { path: '/schema' } }))
  await expect(probe?.observe(environmentWith({ web }), signal)).rejects.toThrow('no OpenAPI document')
})

test('each constraint of a value is broken once', () => {
  const broken = brokenValues({ type: 'integer', minimum: 1, maximum: 9, nullable: true })
  expect(broken).toEqual([
    { what: 'above 9', value: 10 },
    { what: 'below 1', value: 0 },
    { what: 'a word in place of a number', value: 'word' },
  ])
})
