import { expect, test } from 'vitest'
import { comparableBody } from '../../harness/probes/body.ts'

const body = (type: string, content: string | Buffer, status = 200) =>
  comparableBody({ status, headers: { 'content-type': type }, body: Buffer.from(content) })

test('JSON is compared as it is', () => {
  expect(body('application/json', '{"b": [1, null], "a": "x"}')).toEqual({ b: [1, null], a: 'x' })
  expect(body('application/problem+json; charset=utf-8', '{"title": "Gone"}')).toEqual({ title: 'Gone' })
  expect(body('application/json', 'null')).toBeNull()
})

test('what only says that it is JSON is shown as text', () => {
  expect(body('application/json', '<h1>Oops</h1>')).toEqual({ notJson: ['<h1>Oops</h1>'] })
})

test('text is compared by lines', () => {
  expect(body('text/plain', 'one\r\ntwo\n')).toEqual(['one', 'two'])
})

test('a long text is cut, and what is cut off still counts', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`)
  const long = body('text/plain', lines.join('\n')) as { lines: string[]; furtherLines: number }
  expect(long).toMatchObject({ furtherLines: 800 })
  expect(long.lines).toHaveLength(200)
  expect(body('text/plain', [...lines.slice(0, -1), 'other'].join('\n'))).not.toEqual(long)
})

test('binary and very large content is compared by digest', () => {
  expect(body('image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]))).toEqual({
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    sizeBytes: 6,
    type: 'image/png',
  })
  expect(body('application/json', JSON.stringify('x'.repeat(300_000)))).toMatchObject({ sizeBytes: 300_002 })
})

test('no body is told from an empty text', () => {
  expect(body('text/plain', '')).toBe('empty')
})

test('HTML is compared by what a visitor and a browser get from it', () => {
  const html = `<!doctype html><html><head><meta charset="UTF-8"><meta name="robots" content="noindex">
    <title>Log in |
      Site admin</title><link rel="stylesheet" href="/static/admin/css/base.5af66c1b1797.css">
    <style>body { color: red }</style><script src="/assets/index-BxY12_ab.js"></script></head>
    <body><h1>Site <em>administration</em></h1><p>Please   log in.<br>Thank <b>you</b>.</p><pre>a  b
c</pre><noscript>Turn it on</noscript>
    <form action="/login/" method="POST"><input type="hidden" name="csrfmiddlewaretoken" value="zzz">
    <input name="username"><select name="role"></select><button>Go</button></form>
    <a href="/b">B</a> <a href="/a">A</a><script>secret()</script></body></html>`
  expect(body('text/html; charset=utf-8', html)).toEqual({
    title: 'Log in | Site admin',
    headings: ['h1 Site administration'],
    text: ['Site administration', 'Please log in.', 'Thank you.', 'a b', 'c', 'Go', 'B A'],
    forms: [
      {
        action: '/login/',
        method: 'post',
        fields: { csrfmiddlewaretoken: 'hidden', username: 'text', role: 'select' },
      },
    ],
    links: ['/a', '/b'],
    meta: { charset: 'utf-8', robots: 'noindex' },
    scripts: ['/assets/index-<hash>.js'],
    stylesheets: ['/static/admin/css/base.css'],
  })
})

test('of a debug page only the beginning counts, of any other page everything', () => {
  const html = `<title>KeyError at /</title>${Array.from({ length: 300 }, (_, index) => `<p>line ${index}</p>`).join('')}`
  const moved = html.replace('line 250', 'line 0x7f3a')
  expect(body('text/html', html, 500)).toMatchObject({ title: 'KeyError at /', text: { firstLines: { length: 10 } } })
  expect(body('text/html', moved, 500)).toEqual(body('text/html', html, 500))
  expect(body('text/html', moved)).not.toEqual(body('text/html', html))
})
