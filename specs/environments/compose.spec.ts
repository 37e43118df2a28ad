import { join } from 'node:path'
import { expect, test } from 'vitest'
import { composeEnvironment } from '../../harness/config/schema.ts'
import { compose } from '../../harness/environments/compose.ts'
import { redactor } from '../../harness/secrets.ts'

function up(file: string) {
  return compose.up(composeEnvironment.parse({ kind: 'compose', file }), {
    project: 'contract',
    name: file.replace('.yaml', ''),
    directory: join(import.meta.dirname, 'compose'),
    redactor: redactor('contract'),
    signal: AbortSignal.timeout(120_000),
    progress: () => {},
    keep: false,
  })
}

test('a service that exits ends the start also while compose waits for another one', async () => {
  const start = performance.now()
  await expect(up('hopeless.yaml')).rejects.toThrow(/^worker exited with code 7\n {2}\| no such setting$/)
  expect((performance.now() - start) / 1000).toBeLessThan(20)
})

test('an image that one service builds is the image of all that name it', async () => {
  const environment = await up('shared.yaml')
  try {
    const { web, worker } = environment.services
    expect(worker).toMatchObject({ ownImage: true, image: web?.image, imageId: web?.imageId })
    expect(worker?.provenance).toMatch(/^built from /)
  } finally {
    await environment.down()
  }
})

test('a container that has a name of its own has no second one', async () => {
  const environment = await up('compose.yaml')
  try {
    await expect(environment.scale('db', 2)).rejects.toThrow('2 of db: compose.yaml names its container contract-db')
    expect(await environment.scale('db', 1)).toHaveLength(1)
  } finally {
    await environment.down()
  }
})
