import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kubectlIn } from '../../../harness/environments/api.ts'
import { kind } from '../../../harness/environments/kind.ts'
import { keptCluster } from '../../../harness/environments/kind-cluster.ts'
import { exec } from '../../../harness/exec.ts'
import type { RunningEnvironment } from '../../../harness/model.ts'
import { waitFor } from '../../../harness/poll.ts'
import { workplace } from '../../cli/parity.ts'
import { namespaces } from '../start-failure.ts'
import { context, kindSpec } from '../tiny.ts'

const endless = join(import.meta.dirname, '../projects/endless')

/** Where pods of the killed run are when it is killed. */
const moments = { 'while it installs': /Pending|ContainerCreating/, 'while it works': /web-\S+ 1\/1/ }

test.each(Object.entries(moments))('a run that is killed %s harms no other, and is cleaned away', async (_, moment) => {
  const other = await kind.up(kindSpec(), context('other'))
  try {
    await killed(moment)
    expect(await namespaces('endless')).toHaveLength(1)
    await expectHealthy(other)

    await using place = await workplace()
    const { stdout, exitCode } = await place.parity(['clean'])
    expect(stdout).toMatch(/^removed parity-endless-helm-[0-9a-f]+$/m)
    expect(exitCode).toBe(0)
    expect(await namespaces('endless')).toEqual([])
    await expectHealthy(other)

    const inUse = await place.parity(['clean', '--cluster'])
    expect(inUse.stderr).toContain(`The kind cluster is in use: ${other.id}`)
    await expectHealthy(other)
  } finally {
    await other.down()
  }
})

test('the next run removes what a killed one has left', async () => {
  await killed(moments['while it works'])
  const next = await kind.up(kindSpec(), context('next'))
  try {
    expect(await namespaces('endless')).toEqual([])
  } finally {
    await next.down()
  }
})

/** Starts a run that never ends and kills it. */
async function killed(moment: RegExp): Promise<void> {
  await using place = await workplace()
  let kill = (_: NodeJS.Signals) => {}
  const run = place.parity(['check', endless, '--output', place.output], {
    onLine: (_, give) => {
      kill = give
    },
  })
  const killing = waitFor({
    what: `pods of the endless run to be ${moment}`,
    withinSeconds: 120,
    check: async () => moment.test(await pods()) || undefined,
  }).finally(() => kill('SIGKILL'))
  await expect(run).rejects.toThrow('was ended by SIGKILL')
  await killing
}

async function pods(): Promise<string> {
  const [namespace] = await namespaces('endless')
  if (!namespace) return ''
  const { stdout } = await exec([...kubectlIn(keptCluster, namespace), 'get', 'pods', '--no-headers'])
  return stdout.replace(/ +/g, ' ')
}

async function expectHealthy({ services, casualties }: RunningEnvironment): Promise<void> {
  expect((await fetch(`${services.web?.baseUrl}/`)).status).toBe(200)
  expect(await casualties()).toEqual([])
}
