import { expect, test } from 'vitest'
import { kind } from '../../../harness/environments/kind.ts'
import { node, removeCluster } from '../../../harness/environments/kind-cluster.ts'
import { exec } from '../../../harness/exec.ts'
import { nodeImage } from '../../../scripts/kind/paths.js'
import { context, kindSpec } from '../tiny.ts'

const MINUTES = 60_000
/** Less than the wait for a cluster that somebody else is creating. */
const LIMIT = 4 * MINUTES

test('a cluster of our image and another configuration is replaced at once', { timeout: LIMIT }, async () => {
  await removeCluster()
  const labels = ['io.x-k8s.kind.cluster=parity', 'io.x-k8s.kind.role=control-plane'].flatMap((of) => ['--label', of])
  const stranger = ['docker', 'run', '--detach', '--name', node, ...labels, '--entrypoint', 'sleep', nodeImage, 'inf']
  const { stdout: id } = await exec(stranger)

  const environment = await kind.up(kindSpec(), context('other'))
  try {
    expect((await fetch(`${environment.services.web?.baseUrl}/`)).status).toBe(200)
    expect((await exec(['docker', 'inspect', '--format', '{{.Id}}', node])).stdout).not.toBe(id)
  } finally {
    await environment.down()
  }
})
