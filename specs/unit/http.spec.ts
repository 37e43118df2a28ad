import { expect, test } from 'vitest'
import type { Json } from '../../harness/model.ts'
import { httpProbe } from '../../harness/probes/http.ts'
import { type Answering, configWith, environmentWith, REFUSED, serverThat, signal } from './server.ts'

const observe = async (http: Record<string, unknown>, answers: Answering, vars = {}) => {
  const environment = environmentWith({ web: await serverThat(answers) }, vars)
  return httpProbe(configWith({ http }))?.observe(environment, signal) as Promise<Record<string, Json>>
}

test('a project without http has no such probe', () => {
  expect(httpProbe(configWith({}))).toBeNull()
})

test('an answer is told by status, headers that matter, flags of cookies and body', async () => {
  const requests = { 'login page': { path: '/login' } }
  const seen = await observe({ compareHeaders: ['X-Api-Version'], requests }, (_, response) => {
    response
      .writeHead(200, {
        'content-type': 'Application/JSON;charset="UTF-8"',
        'set-cookie': [
          'csrftoken=s3cret; expires=Wed, 25 Nov 2026 00:00:00 GMT; Max-Age=31449600; Path=/; SameSite=Lax',
          'sessionid=; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; HttpOnly; Secure',
        ],
        vary: 'origin, Cookie,Accept',
        'x-api-version': '3',
        'x-request-id': 'b7',
        date: 'Tue, 24 Nov 2026 00:00:00 GMT',
      })
      .end('{"title":"Log in"}')
  })
  expect(seen['login page']).toEqual({
    status: 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      vary: ['accept', 'cookie', 'origin'],
      'x-api-version': '3',
    },
    cookies: {
      csrftoken: {
        flags: { Domain: null, HttpOnly: false, Path: '/', SameSite: 'Lax', Secure: false, persistent: true },
      },
      sessionid: {
        flags: {
          Domain: null,
          HttpOnly: true,
          Path: '/',
          SameSite: null,
          Secure: true,
          persistent: true,
          removed: true,
        },
      },
    },
    body: { title: 'Log in' },
  })
})

test('a request is sent as parity.yaml has it', async () => {
  const echo: Answering = ({ method, url, headers, body }, response) => {
    const { origin, host, 'content-type': type } = headers
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ method, url, origin, host, type, body }))
  }
  const headers = { Host: '${vars.HOST}' }
  const requests = {
    preflight: { method: 'OPTIONS', path: '/api/', headers: { Origin: 'http://localhost:5173' } },
    json: { method: 'POST', path: '/api/?q=1', json: { host: '${vars.HOST}' } },
    form: { method: 'POST', path: '/form', form: { name: 'a b' } },
    upload: {
      method: 'POST',
      path: '/files',
      upload: { field: 'file', filename: 'a "b".txt', content: 'hello', fields: { note: 'n' } },
    },
  }
  const seen = await observe({ headers, requests }, echo, { HOST: 'tracker.example' })
  expect(seen.preflight).toMatchObject({ status: 200, body: 'not empty' })
  expect(seen.json).toMatchObject({
    body: { url: '/api/?q=1', host: 'tracker.example', type: 'application/json', body: '{"host":"tracker.example"}' },
  })
  expect(seen.form).toMatchObject({ body: { type: 'application/x-www-form-urlencoded', body: 'name=a+b' } })
  const { type, body } = (seen.upload as { body: { type: string; body: string } }).body
  const form = await new Response(body, { headers: { 'content-type': type } }).formData()
  expect(form.get('note')).toBe('n')
  expect(await (form.get('file') as File).text()).toBe('hello')
})

test('each role that is asked has a missing page and answers HEAD', async () => {
  const seen = await observe({ requests: { home: { path: '/' } } }, ({ method, url }, response) => {
    response.writeHead(url === '/' ? 200 : 404, { 'content-type': 'text/plain' }).end(`${method} ${url}`)
  })
  expect(Object.keys(seen)).toEqual(['home', 'missing page of web', 'HEAD of home'])
  expect(seen['missing page of web']).toMatchObject({ status: 404, body: ['GET /parity-probe-no-such-page'] })
  expect(seen['HEAD of home']).toMatchObject({ status: 200, body: 'empty' })
})

test('a request that gets no answer has the error in its place, the others theirs', async () => {
  const requests = { home: { path: '/' }, client: { role: 'client', path: '/' }, admin: { role: 'admin', path: '/' } }
  const environment = environmentWith({ web: await serverThat((_, response) => response.end()), client: REFUSED })
  const seen = await httpProbe(configWith({ http: { requests } }))?.observe(environment, signal)
  expect(seen).toMatchObject({
    home: { status: 200 },
    client: { $error: 'connect ECONNREFUSED' },
    admin: { $error: 'there is no service admin with a published port' },
    'missing page of client': { $error: 'connect ECONNREFUSED' },
  })
})
