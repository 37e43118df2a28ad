import { join } from 'node:path'
import { expect, test } from 'vitest'
import { composeEnvironment } from '../../harness/config/schema.ts'
import { compose } from '../../harness/environments/compose.ts'
import { exec } from '../../harness/exec.ts'
import { redactor } from '../../harness/secrets.ts'

function up(file: string, changes: object = {}) {
  return compose.up(composeEnvironment.parse({ kind: 'compose', file, ...changes }), {
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

test('a step runs before, in what its service is given, and brings up what that one depends on', async () => {
  const command = ['sh', '-c', 'getent hosts db && echo "$LEVEL $MORE" >/data/step']
  const step = { service: 'server', command, env: { MORE: '${vars.more}' } }
  const environment = await up('compose.yaml', {
    services: { server: 'web' },
    vars: { more: 'and more' },
    steps: { mark: step },
  })
  try {
    const { stdout } = await exec([...(environment.services.server?.exec ?? []), 'cat', '/data/step'])
    expect(stdout).toBe('first and more')
  } finally {
    await environment.down()
  }
})

test('a step that fails ends the start', async () => {
  const command = ['sh', '-c', 'echo no such table; exit 3']
  const start = up('shared.yaml', { steps: { migrate: { service: 'web', command, env: { DB_PASSWORD: 'abc' } } } })
  await expect(start).rejects.toThrow(/^step migrate: .* exited with code 3\n.*no such table.*DB_PASSWORD=secret:/s)
})
