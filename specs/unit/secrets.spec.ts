import { expect, test } from 'vitest'
import { redactor } from '../../harness/secrets.ts'

test('a value under a secret name becomes a hash, equal for equal values', () => {
  const { json } = redactor('p')
  const out = json({ DB_PASSWORD: 'hunter2hunter2', apiKey: 'hunter2hunter2', DB_HOST: 'db', tokens: 3 })
  expect(out.DB_PASSWORD).toMatch(/^secret:[0-9a-f]{12}$/)
  expect(out.apiKey).toBe(out.DB_PASSWORD)
  expect(out).toMatchObject({ DB_HOST: 'db', tokens: 3 })
})

test('a password inside a URL is taken out, also one with an @ in it, and the rest stays readable', () => {
  const { text } = redactor('p')
  expect(text('at postgres://app:p@ss@db:5432/app!')).toMatch(/^at postgres:\/\/app:secret:[0-9a-f]{12}@db:5432\/app!$/)
})

test('what was once seen as a secret is taken out of every text', () => {
  const { json, text } = redactor('p')
  json({ SECRET_KEY: 'very-long-secret-key' })
  expect(text('KeyError: very-long-secret-key')).not.toContain('very-long')
})

test('redacting twice changes nothing more', () => {
  const { json } = redactor('p')
  const once = json({ PASSWORD: 'hunter2hunter2', url: 'redis://:hunter2hunter2@cache/0' })
  expect(json(once)).toEqual(once)
})

test('the key makes the hash', () => {
  expect(redactor('p').hash('x')).not.toBe(redactor('q').hash('x'))
})
