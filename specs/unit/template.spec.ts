import { expect, test } from 'vitest'
import { fill, fillJson } from '../../harness/probes/template.ts'
import { environmentWith } from './server.ts'

const environment = environmentWith({ web: 'http://127.0.0.1:8000/app', worker: null }, { HOST: 'example.org' })
const captured = new Map([['id', 17] as const])

test('captured values, vars and addresses are filled in', () => {
  const text = '/items/${id}?host=${vars.HOST}&url=${web.baseUrl}&origin=${web.origin}'
  expect(fill(text, { environment, captured })).toBe(
    '/items/17?host=example.org&url=http://127.0.0.1:8000/app&origin=http://127.0.0.1:8000',
  )
})

test('a JSON string that is nothing but a template keeps the type of what was captured', () => {
  expect(fillJson({ items: ['${id}', 'no ${id}'], flag: true }, { environment, captured })).toEqual({
    items: [17, 'no 17'],
    flag: true,
  })
})

test.each([
  ['${token}', '${token} is not known: no earlier step captured it'],
  ['${vars.PORT}', "${vars.PORT} is not known: the environment's vars have no PORT"],
  ['${vars.constructor}', "${vars.constructor} is not known: the environment's vars have no constructor"],
  ['${web.port}', '${web.port} is not known: of a service there are baseUrl and origin'],
  ['${worker.baseUrl}', 'the service worker publishes no port'],
  ['${mail.origin}', 'there is no service mail here'],
])('%s is refused by its name', (text, message) => {
  expect(() => fill(text, { environment, captured })).toThrow(message)
})
