import { beforeAll } from 'vitest'
import { clusterEnvironment } from '../../harness/config/schema.ts'
import { cluster } from '../../harness/environments/cluster.ts'
import { environmentContract } from '../../harness/environments/contract.ts'
import { kind } from '../../harness/environments/kind.ts'
import { keptCluster, node } from '../../harness/environments/kind-cluster.ts'
import { exec } from '../../harness/exec.ts'
import type { Json, RunningEnvironment } from '../../harness/model.ts'
import { namespaces } from './start-failure.ts'
import { context, kindSpec, tiny } from './tiny.ts'

const broken = { command: ['sh', '-c', 'echo no such setting; exit 7'] }

// The kept kind cluster, with the images in it, is the existing cluster of the other kind.
beforeAll(async () => {
  const environment = await kind.up(kindSpec(), context('first'))
  await environment.down()
})

/** As the kernel would when memory runs out: from the node, since no signal from inside reaches a container's first process. */
async function kill({ services }: RunningEnvironment, role: string): Promise<void> {
  const prefix = services[role]?.exec ?? []
  const kubectl = prefix.slice(0, prefix.indexOf('exec'))
  const field = `jsonpath={.items[*].status.containerStatuses[0].containerID}`
  const { stdout } = await exec([...kubectl, 'get', 'pods', '--selector', `app=${role}`, '--output', field])
  const id = stdout.replace('containerd://', '')
  await exec(['docker', 'exec', node, 'ctr', '--namespace', 'k8s.io', 'task', 'kill', '--signal', 'SIGKILL', id])
}

environmentContract('kind', {
  up: () => kind.up(kindSpec(), context('kind')),
  attach: kind.attach,
  upWithBrokenWeb: () => kind.up(kindSpec(broken), context('kind')),
  kill,
  leftovers: () => namespaces(),
  failsWithinSeconds: 60,
})

const clusterSpec = (set?: Record<string, Json>) =>
  clusterEnvironment.parse({ kind: 'cluster', ...keptCluster, ...tiny(set) })

environmentContract('cluster', {
  up: () => cluster.up(clusterSpec(), context('cluster')),
  attach: cluster.attach,
  upWithBrokenWeb: () => cluster.up(clusterSpec(broken), context('cluster')),
  kill,
  leftovers: () => namespaces(),
  failsWithinSeconds: 60,
})
