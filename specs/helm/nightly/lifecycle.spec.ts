/** The contract of the bundled application's chart. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interruption } from '../../../harness/cli/exit.ts'
import { kubectlIn } from '../../../harness/environments/api.ts'
import { argumentsOf, test as helmTest, releasesIn, rollback, uninstall } from '../../../harness/environments/helm.ts'
import { exec } from '../../../harness/exec.ts'
import { helm } from '../../../scripts/kind/paths.js'
import { versions } from '../../../scripts/kind/versions.js'
import { changes, type Release, release, type Seen, variable } from './release.ts'

const application = join(import.meta.dirname, '../../../fixtures/manifest-tracker')
const LEVEL = 'TRACKER_LOG_LEVEL'
let tracker: Release
let installed: Seen

beforeAll(async () => {
  tracker = await release(application, interruption())
  installed = await tracker.ask('installed', 'installed')
})
afterAll(() => tracker?.remove())

describe('before it is installed', () => {
  test('helm lint has nothing to say', async () => {
    const chart = join(application, 'infra/chart')
    await exec([helm, 'lint', '--strict', '--quiet', '--kube-version', versions.kubernetes, chart])
  })

  test('the API server takes every template', async () => {
    const { target, chart } = tracker
    const rendered = await exec([
      helm,
      'template',
      ...argumentsOf(chart, target),
      '--kube-version',
      versions.kubernetes,
    ])
    const dryRun = ['create', '--dry-run=server', '--validate=strict', '--filename', '-']
    const { stdout } = await exec([...kubectlIn(target, 'default'), ...dryRun], { input: rendered.stdout })
    expect(stdout.split('\n').length).toBeGreaterThan(10)
    expect(stdout.split('\n').filter((line) => !line.endsWith('created (server dry run)'))).toEqual([])
  })
})

/** The steps follow each other: each begins with what the one before has left. */
describe('through its life', () => {
  test('helm test passes after the installation', async () => {
    await helmTest(tracker.chart, tracker.target)
  })

  test('an upgrade brings a changed value to every pod, and keeps the data', async () => {
    await write('upgrade')
    await tracker.upgrade({ 'config.logLevel': 'WARNING' })
    const upgraded = await tracker.ask('upgraded', 'installed')
    expect(variable(upgraded, 'web', LEVEL)).toBe('WARNING')
    expect(changes(tracker.config, installed, upgraded)).toEqual(
      ['beat', 'web', 'worker'].map((role) => `process /${role}/environment/${LEVEL}`),
    )
    expect(await written()).toEqual(['upgrade'])
  })

  test('a rollback brings the first revision back, and keeps the data', async () => {
    await write('rollback')
    await rollback(tracker.chart, 1, tracker.target)
    expect(changes(tracker.config, installed, await tracker.ask('rolled back', 'installed'))).toEqual([])
    expect(await written()).toEqual(['upgrade', 'rollback'])
  })

  test('a release that was removed and installed again has its data back', async () => {
    await write('reinstallation')
    await uninstall(tracker.chart.release, tracker.target, { wait: true })
    expect(await releasesIn(tracker.target)).toEqual([])
    await tracker.upgrade()
    expect(changes(tracker.config, installed, await tracker.ask('reinstalled', 'installed'))).toEqual([])
    expect(await written()).toEqual(['upgrade', 'rollback', 'reinstallation'])
    await helmTest(tracker.chart, tracker.target)
  })
})

/** A row, a key and a file. */
async function write(step: string): Promise<void> {
  await sql(
    `create table if not exists lifecycle (id serial, step text); insert into lifecycle (step) values ('${step}')`,
  )
  await tracker.run('cache', ['redis-cli', '-n', '9', 'rpush', 'lifecycle', step])
  await tracker.run('web', ['sh', '-c', `echo ${step} >> /srv/media/lifecycle`])
}

/** The steps that database, Redis and media still know. */
async function written(): Promise<string[]> {
  const rows = lines(await sql('select step from lifecycle order by id'))
  expect(lines(await tracker.run('cache', ['redis-cli', '-n', '9', 'lrange', 'lifecycle', '0', '-1']))).toEqual(rows)
  expect(lines(await tracker.run('web', ['cat', '/srv/media/lifecycle']))).toEqual(rows)
  return rows
}

function sql(statement: string): Promise<string> {
  const psql = ['psql', '--username=tracker', '--dbname=tracker', '--quiet', '--tuples-only', '--no-align']
  return tracker.run('database', [...psql, '--command', statement])
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean)
}
