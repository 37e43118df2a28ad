/** What the node of our kind cluster is, beside its image. */
import { hash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

/** Ports of the node that are published on 127.0.0.1; Services of runs are given one each. */
export const nodePorts = Array.from({ length: 40 }, (_, index) => 30_000 + index)

/**
 * The cluster's own programs, which are Go's, work beside what is asked: with a thread for each core they would spend
 * more on taking turns than on work where cores are few.
 */
const GOMAXPROCS = String(Math.max(1, Math.floor(availableParallelism() / 2)))

const env = [{ name: 'GOMAXPROCS', value: GOMAXPROCS }]
/** Of kubeadm's own, which come every second, each with a new connection. */
const readinessProbe = { periodSeconds: 10 }

/** By container of the static pods that kubeadm writes; applied as its documentation says under "patches". */
const patches = {
  etcd: { env, readinessProbe },
  'kube-apiserver': { env, readinessProbe },
  'kube-controller-manager': { env },
  'kube-scheduler': { env, readinessProbe },
}

const PATCHES = '/kind/patches'

/** Files by folder of the node. systemd starts kubelet and containerd. */
const folders: Record<string, Record<string, string>> = {
  [PATCHES]: Object.fromEntries(
    Object.entries(patches).map(([name, patch]) => {
      return [`${name}+strategic.json`, JSON.stringify({ spec: { containers: [{ name, ...patch }] } })]
    }),
  ),
  '/usr/local/lib/systemd/system.conf.d': { 'parity.conf': `[Manager]\nDefaultEnvironment=GOMAXPROCS=${GOMAXPROCS}\n` },
}

/** There is one of each, and nobody to agree with on who leads. */
const alone = { extraArgs: { 'leader-elect': 'false' } }
const kubeadm = [
  { kind: 'InitConfiguration', patches: { directory: PATCHES } },
  { kind: 'ClusterConfiguration', controllerManager: alone, scheduler: alone },
]

const node = {
  role: 'control-plane',
  kubeadmConfigPatches: kubeadm.map((patch) => JSON.stringify(patch)),
  extraPortMappings: nodePorts.map((containerPort) => ({ containerPort, hostPort: 0, listenAddress: '127.0.0.1' })),
}
const cluster = { kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', networking: { apiServerAddress: '127.0.0.1' } }

/** Stands in the node's mounts, so that a node of another configuration is known by them. */
export const configurationHash = hash('sha256', JSON.stringify([cluster, node, folders])).slice(0, 12)

/**
 * Writes what the node mounts below the folder.
 * @returns the configuration for `kind create cluster`
 */
export async function writeConfiguration(folder: string): Promise<string> {
  const ours = join(folder, `node-${configurationHash}`)
  const extraMounts = []
  for (const [containerPath, files] of Object.entries(folders)) {
    const hostPath = join(ours, containerPath)
    await mkdir(hostPath, { recursive: true, mode: 0o700 })
    for (const [name, content] of Object.entries(files)) await writeFile(join(hostPath, name), content)
    extraMounts.push({ hostPath, containerPath, readOnly: true })
  }
  return JSON.stringify({ ...cluster, nodes: [{ ...node, extraMounts }] })
}
