import { expect, test } from 'vitest'
import { redactor } from '../../harness/secrets.ts'

const { document } = redactor('p')
const secret = /secret:[0-9a-f]{12}/

test.each([
  ['a line of an env file', 'POSTGRES_PASSWORD=pgpw\nPOSTGRES_DB=shop', 'pgpw'],
  ['a variable in an inspection', '"Env": [\n  "DJANGO_SECRET_KEY=ab#c",\n  "PATH=/bin"\n]', 'ab#c'],
  ['a value of a chart', 'database:\n  password: correct horse\n  host: db', 'correct horse'],
  ['a member of JSON', '{\n  "password": "pgpw",\n  "host": "db"\n}', 'pgpw'],
  ['a variable of a manifest', '- name: DB_PASSWORD\n  value: "pgpw"\n- name: DB_HOST\n  value: db', 'pgpw'],
  ['a variable as kubectl describes it', '    DB_PASSWORD:  pgpw\n    DB_HOST:      db', 'pgpw'],
  ['a header in a log', 'sent Authorization: Bearer abc.def to db', 'Bearer abc.def'],
  ['a password in a URL', 'at redis://:pgpw@cache/0', 'pgpw'],
  [
    'a private key',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
  ],
])('%s is written without its secret', (_, text, hidden) => {
  const written = document(text)
  expect(written).not.toContain(hidden)
  expect(written.replace(secret, hidden)).toBe(text)
})

test('JSON stays JSON, and YAML stays as it was around the secret', () => {
  expect(JSON.parse(document('{\n  "token": "abc",\n  "port": 80\n}'))).toMatchObject({ port: 80 })
  expect(document('password: abc\nport: 80')).toMatch(/^password: secret:[0-9a-f]{12}\nport: 80$/)
})

test.each([
  'secretKeyRef:\n  name: shop\n  key: password',
  'secretName: shop-tls',
  'DB_PASSWORD:  <set to the key "password" in secret "shop">  Optional: false',
  'password: null',
  'kind: Secret',
  'tokens: 3',
])('%j holds no secret and stays as it is', (text) => {
  expect(document(text)).toBe(text)
})

test('writing twice changes nothing more', () => {
  const once = document('PASSWORD=abc\npassword: "x y"')
  expect(document(once)).toBe(once)
})
