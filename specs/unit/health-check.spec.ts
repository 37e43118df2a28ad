import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkRunner } from '../../harness/environments/health-check.ts'
import { scratchFolder } from '../../harness/environments/scratch.ts'

test('a check that is another one by a further name is not run again', async () => {
  await using scratch = await scratchFolder()
  const ran = join(scratch.path, 'ran')
  const words = ['sh', '-c', `echo . >>'${ran}'; exit 3`]
  const check = { words, command: words, timeoutSeconds: 5, threshold: 3 }
  const run = checkRunner()

  const startup = await run({ ...check, name: 'startup', threshold: 120 })
  const liveness = await run({ ...check, name: 'liveness' })
  expect(startup).toMatchObject({ name: 'startup', passes: false, timeoutSeconds: 5 })
  expect(liveness).toEqual({ ...startup, name: 'liveness' })
  expect(await readFile(ran, 'utf8')).toBe('.\n'.repeat(3))

  await run({ ...check, name: 'readiness', threshold: 1 })
  await run({ ...check, name: 'readiness', timeoutSeconds: 4, threshold: 1 })
  expect(await readFile(ran, 'utf8')).toBe('.\n'.repeat(5))
})
