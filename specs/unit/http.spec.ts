import { describe, expect, test } from 'vitest'
import type { Json } from '../../harness/model.ts'
import { postForms } from '../../harness/probes/form.ts'
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
      upload: { field: 'file', filename: 'a "b".txt', content: 'hello', repeat: 2, fields: { note: 'n' } },
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
  expect(await (form.get('file') as File).text()).toBe('hellohello')
})

test('each role that is asked has a missing page and answers HEAD', async () => {
  const seen = await observe({ requests: { home: { path: '/' } } }, ({ method, url }, response) => {
    response.writeHead(url === '/' ? 200 : 404, { 'content-type': 'text/plain' }).end(`${method} ${url}`)
  })
  expect(Object.keys(seen)).toEqual(['home', 'missing page of web', 'HEAD of home', 'home, behind TLS'])
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
    admin: { $error: 'there is no service admin here' },
    'missing page of client': { $error: 'connect ECONNREFUSED' },
    'client, behind TLS': { $error: 'connect ECONNREFUSED' },
    'admin, behind TLS': { $error: 'there is no service admin here' },
  })
})

describe('behind TLS that ends at a proxy', () => {
  const isSecure = ({ headers }: Parameters<Answering>[0]) => headers['x-forwarded-proto'] === 'https'

  test('a server that believes the proxy writes its URLs and cookies for TLS', async () => {
    const seen = await observe({ requests: { home: { path: '/' } } }, (request, response) => {
      const scheme = isSecure(request) ? 'https' : 'http'
      response
        .writeHead(200, { 'set-cookie': `id=1${isSecure(request) ? '; Secure' : ''}`, 'content-type': 'text/plain' })
        .end(`${scheme}://${request.headers.host}/next https://elsewhere.example/`)
    })
    expect(seen['home, behind TLS']).toEqual({
      status: 200,
      secureCookies: { id: true },
      strictTransportSecurity: null,
      ownUrls: ['https'],
    })
  })

  test('one that does not sends its visitors in a circle', async () => {
    const seen = await observe({ requests: { home: { path: '/a?b=1' } } }, ({ url, headers }, response) => {
      response.writeHead(301, { location: `https://${headers.host}${url}` }).end()
    })
    expect(seen['home, behind TLS']).toMatchObject({ status: 301, redirectsToItself: true })
  })

  test('a redirect that leads elsewhere is no circle', async () => {
    const seen = await observe({ requests: { home: { path: '/a' } } }, (_, response) => {
      response.writeHead(302, { location: '/login' }).end()
    })
    expect(seen['home, behind TLS']).toMatchObject({ location: '/login', redirectsToItself: false })
  })
})

describe('the forms of a page', () => {
  const page = `<h1>Log in</h1>
    <form method="post" action="/in?next=/"><input type="hidden" name="csrf" value="a b"><input name="user">
      <input type="checkbox" name="stay" value="yes" checked><button name="forget">Forget</button></form>`
  const html = { 'content-type': 'text/html; charset=utf-8' }
  /** Takes a form only with its cookie and its own origin, as Django does. */
  const guarded: Answering = (request, response) => {
    const { method, url, headers, body } = request
    if (method !== 'POST') return response.writeHead(200, { ...html, 'set-cookie': 'csrf=1; Secure' }).end(page)
    const believed = `http://${headers.host}`
    const accepted =
      headers.origin === believed && headers.referer === `${believed}/login` && headers.cookie === 'csrf=1'
    response.writeHead(accepted ? 200 : 403, html).end(`<h1>${accepted ? `${url} ${body}` : 'Forbidden'}</h1>`)
  }

  test('are sent as a visitor would send them, over plain HTTP and behind TLS', async () => {
    const seen = await observe({ requests: { login: { path: '/login' } } }, guarded)
    expect(seen['form of login']).toEqual({ status: 200, heading: '/in?next=/ csrf=a+b&user=&stay=yes' })
    expect(seen['form of login, behind TLS']).toEqual({ status: 403, heading: 'Forbidden' })
  })

  test('are left alone where the project says so', async () => {
    const seen = await observe({ forms: false, requests: { login: { path: '/login' } } }, guarded)
    expect(Object.keys(seen).filter((name) => name.startsWith('form'))).toEqual([])
  })

  test('are told apart by their place, without those that search or lead elsewhere', async () => {
    const forms = await postForms(
      `<form method="post"></form><form action="/search"></form>
       <form method="post" action="https://elsewhere.example/"></form>
       <form method="POST" action="http://public.example/up" enctype="multipart/form-data"><input name="a" value="ä"></form>`,
      'http://127.0.0.1:8000/here?x=1',
      'public.example',
    )
    expect(forms.map(({ path }) => path)).toEqual(['/here?x=1', '/up'])
    const { contentType = '', body = '' } = forms[1] ?? {}
    const sent = await new Response(new Uint8Array(body as Buffer), {
      headers: { 'content-type': contentType },
    }).formData()
    expect([...sent]).toEqual([['a', 'ä']])
  })
})
