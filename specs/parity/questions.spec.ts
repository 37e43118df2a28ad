import { expect } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { expectSame, ParityError, test } from '../../harness/vitest/index.ts'

test('a value that is the same in every environment passes', async () => {
  await expectSame(async ({ services }) => (await fetch(`${services.web?.baseUrl}/health/live`)).json())
})

test('a value that differs fails with its pointer and both values', async () => {
  const question = expectSame(async ({ name }) => ({ name }))
  await expect(question).rejects.toThrow(ParityError)
  await expect(question).rejects.toThrow(/\/name\n\s+production: "production"\n\s+development: "development"/)
})

test('a command that fails everywhere is unknown, not the same', async () => {
  const question = expectSame(async ({ services }) => {
    const { exitCode } = await exec([...(services.web?.exec ?? []), 'no-such-program'])
    return exitCode
  })
  await expect(question).rejects.toThrow(/the probe failed in production/)
})

test('the reference comes first', async ({ environments, reference }) => {
  expect(environments[0]).toBe(reference)
  expect(environments.length).toBeGreaterThan(1)
})
