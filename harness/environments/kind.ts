/** The Helm chart in a kind cluster on this machine: one cluster, kept and shared, a namespace for each run. */
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { V1Service } from '@kubernetes/client-node'
import { kind as kindProgram, nodeImage } from '../../scripts/kind/paths.js'
import type { KindSpec } from '../config/schema.ts'
import { CommandError, exec } from '../exec.ts'
import { waitFor } from '../poll.ts'
import type { Adapter, UpContext } from './adapter.ts'
import { api, type Cluster } from './api.ts'
import { deliver } from './delivery.ts'
import { docker } from './docker.ts'
import { imagesOf } from './helm.ts'
import { buildImages } from './images.ts'
import { deploy, runningInCluster } from './kubernetes.ts'
import { sweepNamespaces } from './namespace.ts'
import { stopwatch } from './stopwatch.ts'

export const kind: Adapter<KindSpec> = { up, attach: runningInCluster }

const NAME = 'parity'
const NODE = `${NAME}-control-plane`
const cluster: Cluster = {
  kubeconfig: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parity', 'kind', 'kubeconfig'),
  context: `kind-${NAME}`,
}
/** Ports of the node that are published on 127.0.0.1; Services of runs are given one each. */
const NODE_PORTS = Array.from({ length: 40 }, (_, index) => 30_000 + index)
const CREATE_LIMIT_SECONDS = 300
/** kind looks for podman and nerdctl too. */
const PROVIDER = { KIND_EXPERIMENTAL_PROVIDER: 'docker' }

function up(spec: KindSpec, context: UpContext) {
  return deploy(spec, spec.kind, context, async () => {
    const elapsedSeconds = stopwatch()
    context.progress('building images, looking for the cluster')
    const [images] = await Promise.all([buildImages(spec.images, context), ensureCluster(context)])
    await sweepNamespaces(cluster)
    context.progress('delivering images')
    const wanted = [...Object.values(images).map(({ tag }) => tag), ...(await imagesOf(spec, context, images))]
    await deliver([...new Set(wanted)], NODE, context.signal)
    return { cluster, images, buildSeconds: elapsedSeconds(), expose }
  })
}

// --- the cluster ------------------------------------------------------------------------------------------------

/**
 * Two runs may want the cluster at once: kind refuses a second one of the same name, and that run waits for the first.
 * A cluster that the engine no longer runs, or of another node image, is replaced: that is as quick as mending it.
 */
async function ensureCluster(context: UpContext): Promise<void> {
  const format = '{{.State.Running}} {{.Config.Image}}'
  const { stdout } = await exec(['docker', 'inspect', '--format', format, NODE], { accept: [1] })
  if (stdout === `true ${nodeImage}`) {
    if ((await isReady()) || (await becomesReady(context.signal))) return
  }
  if (stdout !== '') await removeCluster()
  await mkdir(join(cluster.kubeconfig, '..'), { recursive: true, mode: 0o700 })
  context.progress('creating the kind cluster')
  const command = [
    kindProgram,
    'create',
    'cluster',
    '--name',
    NAME,
    '--image',
    nodeImage,
    '--kubeconfig',
    cluster.kubeconfig,
  ]
  await exec([...command, '--config', '-', '--wait', '120s'], {
    input: JSON.stringify(clusterConfig()),
    signal: context.signal,
  }).catch(async (error) => {
    const another = error instanceof CommandError && /already exist/.test(error.message)
    if (!another || !(await becomesReady(context.signal))) throw error
  })
}

function clusterConfig() {
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { apiServerAddress: '127.0.0.1' },
    nodes: [
      {
        role: 'control-plane',
        extraPortMappings: NODE_PORTS.map((containerPort) => ({
          containerPort,
          hostPort: 0,
          listenAddress: '127.0.0.1',
        })),
      },
    ],
  }
}

async function isReady(): Promise<boolean> {
  try {
    const { items } = await api(cluster).core.listNode()
    const node = items.find(({ metadata }) => metadata?.name === NODE)
    return node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  } catch {
    return false
  }
}

async function becomesReady(signal: AbortSignal): Promise<boolean> {
  try {
    return await waitFor({
      what: 'the kind cluster to be ready',
      withinSeconds: CREATE_LIMIT_SECONDS,
      everySeconds: 0.5,
      signal,
      check: async () => (await isReady()) || undefined,
    })
  } catch (error) {
    if ((error as Error).name === 'DeadlineError') return false
    throw error
  }
}

/** Removes the kept cluster with all that runs in it. */
export async function removeCluster(): Promise<void> {
  await exec([kindProgram, 'delete', 'cluster', '--name', NAME, '--kubeconfig', cluster.kubeconfig], { env: PROVIDER })
}

// --- reaching services ------------------------------------------------------------------------------------------

/** Gives the chart's own Service a port of the node, so that requests take the way through it. */
async function expose(service: V1Service, port: number, namespace: string): Promise<string> {
  const { core } = api(cluster)
  const name = service.metadata?.name ?? ''
  const target = service.spec?.ports?.find((each) => each.port === port)
  if (!service.spec || !target) {
    const ports = service.spec?.ports?.map((each) => each.port).join(', ')
    throw new Error(`Service ${name} has no port ${port} (ports: ${ports}); correct services in parity.yaml`)
  }
  const taken = new Set<number | undefined>()
  const nodePort = await waitFor({
    what: `a free port of the node for ${name}`,
    withinSeconds: 10,
    check: async () => {
      const { items } = await core.listServiceForAllNamespaces()
      for (const { spec } of items) for (const each of spec?.ports ?? []) taken.add(each.nodePort)
      const free = NODE_PORTS.find((candidate) => !taken.has(candidate))
      if (free === undefined) return undefined
      taken.add(free)
      const current = await core.readNamespacedService({ name, namespace })
      const ports = current.spec?.ports?.map((each) => (each.port === port ? { ...each, nodePort: free } : each))
      const body = { ...current, spec: { ...current.spec, type: 'NodePort', ports } }
      return core.replaceNamespacedService({ name, namespace, body }).then(
        () => free,
        (error) => {
          if (error.code === 409 || error.code === 422) return undefined // another run was quicker
          throw error
        },
      )
    },
  })
  const node = await (await docker()).getContainer(NODE).inspect()
  const hostPort = node.NetworkSettings.Ports[`${nodePort}/tcp`]?.[0]?.HostPort
  const baseUrl = `http://127.0.0.1:${hostPort}`
  await answers(baseUrl, `Service ${name} on port ${port}`)
  return baseUrl
}

/** Rules for a new port reach the node a moment later. What is answered is for the probes to judge. */
async function answers(baseUrl: string, what: string): Promise<void> {
  let lastSeen = ''
  await waitFor({
    what: `${what} to answer`,
    withinSeconds: 15,
    lastSeen: () => lastSeen,
    check: async () => {
      const answer = await fetch(baseUrl, { redirect: 'manual', signal: AbortSignal.timeout(5000) }).catch((error) => {
        lastSeen = error.cause?.code ?? error.message
      })
      await answer?.body?.cancel()
      return answer && true
    },
  })
}
