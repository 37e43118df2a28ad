import { join } from 'node:path'
import { expect, test } from 'vitest'
import { composeEnvironment } from '../../harness/config/schema.ts'
import { compose } from '../../harness/environments/compose.ts'
import { redactor } from '../../harness/secrets.ts'

test('a service that exits ends the start also while compose waits for another one', async () => {
  const start = performance.now()
  const up = compose.up(composeEnvironment.parse({ kind: 'compose', file: 'hopeless.yaml' }), {
    project: 'contract',
    name: 'hopeless',
    directory: join(import.meta.dirname, 'compose'),
    redactor: redactor('contract'),
    signal: AbortSignal.timeout(120_000),
    progress: () => {},
    keep: false,
  })
  await expect(up).rejects.toThrow(/^worker exited with code 7\n {2}\| no such setting$/)
  expect((performance.now() - start) / 1000).toBeLessThan(20)
})
