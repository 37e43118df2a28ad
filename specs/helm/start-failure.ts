/** Charts that can never become ready, and what is said of them. */
import { expect, test } from 'vitest'
import { StartError } from '../../harness/environments/adapter.ts'
import { kubectlIn } from '../../harness/environments/api.ts'
import { kind } from '../../harness/environments/kind.ts'
import { keptCluster } from '../../harness/environments/kind-cluster.ts'
import { exec } from '../../harness/exec.ts'
import type { Json } from '../../harness/model.ts'
import { context, kindSpec, project } from './tiny.ts'

/** Seconds for a whole start and its removal, of which the cluster needs the first few to know. */
const LIMIT_SECONDS = 30

export interface Failure {
  /** How it goes wrong. */
  title: string
  /** Values of the tiny chart. */
  set: Record<string, Json>
  /** What the message has to tell. */
  says: RegExp[]
}

export function startFails({ title, set, says }: Failure): void {
  test(`${title}: told soon, with reason and events, and nothing stays`, async ({ onTestFinished }) => {
    const start = performance.now()
    const error = await kind.up(kindSpec(set), context('never')).then(
      async (environment) => {
        onTestFinished(() => environment.down())
        throw new Error('it became ready')
      },
      (error: unknown) => error,
    )
    const seconds = (performance.now() - start) / 1000
    expect(error).toBeInstanceOf(StartError)
    for (const expected of says) expect((error as Error).message).toMatch(expected)
    expect(await namespaces()).toEqual([])
    expect(seconds).toBeLessThan(LIMIT_SECONDS)
  })
}

/** Those of a project in the kept cluster. */
export async function namespaces(of = project): Promise<string[]> {
  const { stdout } = await exec([...kubectlIn(keptCluster, 'default'), 'get', 'namespaces', '--output', 'name'])
  const names = stdout.split('\n').map((name) => name.replace('namespace/', ''))
  return names.filter((name) => name.startsWith(`parity-${of}-`))
}
