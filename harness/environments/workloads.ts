/** The workloads of a namespace as services: which pod carries a role, how it is reached, whether it still runs. */
import type { V1Pod, V1Service } from '@kubernetes/client-node'
import type { KubernetesSpec } from '../config/schema.ts'
import type { Casualty, Environment, Role, Service } from '../model.ts'
import { api, type Cluster, kubectlIn, unlessMissing } from './api.ts'
import type { BuiltImage } from './images.ts'
import { isReady, lasting } from './pods.ts'

/** What a kind of cluster adds to what is common to all. */
export interface Placement {
  cluster: Cluster
  /** The built images under the names by which the cluster has them. */
  images: Record<string, BuiltImage>
  buildSeconds: number
  /** Makes a Service reachable from this machine on 127.0.0.1. @returns the base URL */
  expose(service: V1Service, port: number, namespace: string): Promise<string>
}

type Workload = KubernetesSpec['services'][string]

/** @throws when a role's workload is not there or has no ready pod */
export async function describeServices(
  spec: KubernetesSpec,
  namespace: string,
  placement: Placement,
): Promise<Record<Role, Service>> {
  const companions = Object.keys({ ...spec.companions.postgres, ...spec.companions.redis })
  const workloads: [Role, Workload][] = [
    ...Object.entries(spec.services),
    ...companions.map((role) => [role, { workload: `deployment/${role}` }] as [Role, Workload]),
  ]
  const described = await Promise.all(
    workloads.map(async ([role, workload]) => [role, await describe(role, workload, namespace, placement)] as const),
  )
  return Object.fromEntries(described.sort(([a], [b]) => a.localeCompare(b)))
}

async function describe(role: Role, workload: Workload, namespace: string, placement: Placement): Promise<Service> {
  const { cluster, images } = placement
  const name = workload.workload.split('/')[1] as string
  const pod = await podOf(cluster, namespace, workload.workload)
  const container = workload.container ?? pod.spec?.containers[0]?.name ?? ''
  const status = pod.status?.containerStatuses?.find((each) => each.name === container)
  const service = await serviceOf(cluster, namespace, workload.service ?? name)
  const image = pod.spec?.containers.find((each) => each.name === container)?.image ?? ''
  const built = Object.values(images).find(({ tag }) => tag === image)
  const kubectl = kubectlIn(cluster, namespace)
  return {
    role,
    baseUrl: workload.port && service ? await placement.expose(service, workload.port, namespace) : null,
    exec: [...kubectl, 'exec', '--stdin', workload.workload, '--container', container, '--'],
    shell: [...kubectl, 'exec', '--stdin', '--tty', workload.workload, '--container', container, '--'],
    logs: [...kubectl, 'logs', workload.workload, '--container', container, '--timestamps'],
    aliases: aliases(role, service, pod, namespace),
    image,
    imageId: /sha256:[0-9a-f]{64}/.exec(status?.imageID ?? '')?.[0] ?? '',
    provenance: built?.provenance ?? `found in the cluster as ${status?.imageID}`,
    ownImage: built !== undefined,
  }
}

async function podOf(cluster: Cluster, namespace: string, workload: string): Promise<V1Pod> {
  const { core, apps } = api(cluster)
  const [kind, name] = workload.split('/') as [string, string]
  const read = {
    deployment: () => apps.readNamespacedDeployment({ name, namespace }),
    statefulset: () => apps.readNamespacedStatefulSet({ name, namespace }),
    daemonset: () => apps.readNamespacedDaemonSet({ name, namespace }),
  }[kind]
  const found = await read?.().catch(unlessMissing)
  if (!found) throw new Error(`the charts have no ${workload} in ${namespace}; correct services in parity.yaml`)
  const labelSelector = Object.entries(found.spec?.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const pods = lasting((await core.listNamespacedPod({ namespace, labelSelector })).items)
  const pod = pods.find(isReady)
  if (!pod) throw new Error(`${workload} has no ready pod (${pods.length} pods in all)`)
  return pod
}

async function serviceOf(cluster: Cluster, namespace: string, name: string): Promise<V1Service | undefined> {
  const { items } = await api(cluster).core.listNamespacedService({ namespace })
  return items.find(({ metadata }) => metadata?.name === name)
}

function aliases(role: Role, service: V1Service | undefined, pod: V1Pod, namespace: string): string[] {
  const name = service?.metadata?.name
  const names = name
    ? [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`]
    : []
  const addresses = [service?.spec?.clusterIP, pod.status?.podIP].filter((address) => address && address !== 'None')
  return [...new Set([role, ...names, ...addresses, pod.metadata?.name].filter((alias) => alias !== undefined))]
}

/** The pods that carried the services when these were described, and have ended since. */
export async function casualties(cluster: Cluster, environment: Environment): Promise<Casualty[]> {
  const { items } = await api(cluster).core.listNamespacedPod({ namespace: environment.id })
  return Object.values(environment.services).flatMap(({ role, aliases }) => {
    const pod = items.find(({ metadata }) => aliases.includes(metadata?.name ?? ''))
    if (!pod) return [{ role, message: `${role}: its pod is gone` }]
    const ended = pod.status?.containerStatuses?.map(({ lastState }) => lastState?.terminated)
    const terminated = ended?.find((each) => new Date(each?.finishedAt ?? 0) > new Date(environment.startedAt))
    return terminated
      ? [{ role, message: `${role} exited with code ${terminated.exitCode} (${terminated.reason})` }]
      : []
  })
}
