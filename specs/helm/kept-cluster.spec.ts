import { availableParallelism } from 'node:os'
import { beforeAll, expect, test } from 'vitest'
import { kind } from '../../harness/environments/kind.ts'
import { node } from '../../harness/environments/kind-cluster.ts'
import { exec } from '../../harness/exec.ts'
import { context, kindSpec } from './tiny.ts'

beforeAll(async () => {
  const environment = await kind.up(kindSpec(), context('kept'))
  await environment.down()
})

const own = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'containerd']

test.each(own)('%s leaves half of the cores to what is asked', async (program) => {
  // The kernel keeps 15 characters of a name.
  const find = `tr '\\0' '\\n' < /proc/$(pgrep -o -x ${program.slice(0, 15)})/environ`
  const { stdout } = await exec(['docker', 'exec', node, 'sh', '-c', find])
  expect(stdout.split('\n')).toContain(`GOMAXPROCS=${Math.max(1, Math.floor(availableParallelism() / 2))}`)
})
