import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../../harness/config/load.ts'
import { exec } from '../../../harness/exec.ts'
import { redactor } from '../../../harness/secrets.ts'
import { startEnvironments } from '../../../harness/start.ts'

const directory = join(import.meta.dirname, '../projects/companions')

test('charts find their companions, dependencies and values, and the project stays as it is', async ({ signal }) => {
  const before = await untracked()
  const config = await loadConfig(directory)
  const options = { redactor: redactor('companions'), signal, progress: () => {} }
  const { environments, down } = await startEnvironments(config, ['helm'], options)
  onTestFinished(down)
  const [environment] = environments
  const { web, admin, database, cache } = environment?.services ?? {}
  if (!environment || !web || !admin || !database || !cache) throw new Error('a role is missing')
  const variables = (await exec([...web.exec, 'env'])).stdout.split('\n')

  expect(variables).toEqual(
    expect.arrayContaining([
      'API_KEY=from-a-manifest',
      `GREETING=from ${environment.id}`,
      'DATABASE_URL=postgres://shop:only-here@database:5432/shop',
      'CACHE_URL=redis://:cache-only-here@cache:6379/0',
      'MODE=parity',
      'REGION=north',
    ]),
  )
  const query = ['psql', '--username=shop', '--dbname=shop', '--tuples-only', '--command=select 6 * 7']
  expect((await exec([...database.exec, ...query])).stdout.trim()).toBe('42')
  expect((await exec([...cache.exec, 'redis-cli', 'ping'])).stdout).toBe('PONG')
  expect((await fetch(`${web.baseUrl}/`)).status).toBe(200)
  expect((await fetch(`${admin.baseUrl}/`)).status).toBe(200)
  expect(await untracked()).toBe(before)
})

/** What Git sees of the project's folder, ignored files as well. */
async function untracked(): Promise<string> {
  return (await exec(['git', 'status', '--porcelain', '--ignored', '.'], { cwd: directory })).stdout
}
