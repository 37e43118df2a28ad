/** The workloads of a namespace as services: which pod carries a role, how it is reached, whether it still runs. */
import type { V1Pod, V1PodTemplateSpec, V1Service } from '@kubernetes/client-node'
import type { KubernetesSpec } from '../config/schema.ts'
import type { Casualty, Environment, Role, Service } from '../model.ts'
import { api, type Cluster, kubectlIn, unlessMissing } from './api.ts'
import type { BuiltImage } from './images.ts'
import { failedProbe, isReady, lasting } from './pods.ts'

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

/**
 * @param roles default: all
 * @throws when a role's workload is not there or has no ready pod
 */
export async function describeServices(
  spec: KubernetesSpec,
  namespace: string,
  placement: Placement,
  roles = rolesOf(spec),
): Promise<Record<Role, Service>> {
  const described = await Promise.all(
    roles.map(async (role) => [role, await describe(role, spec, namespace, placement)] as const),
  )
  return Object.fromEntries(described.sort(([a], [b]) => a.localeCompare(b)))
}

function rolesOf({ services, companions }: KubernetesSpec): Role[] {
  return [...new Set([services, companions.postgres, companions.redis].flatMap(Object.keys))]
}

/** `deployment/NAME`; a companion is one that is named after its role. */
export function workloadOf(spec: KubernetesSpec, role: Role): string {
  return spec.services[role]?.workload ?? `deployment/${role}`
}

/** The name of the container that carries a role. */
export function containerIn(spec: KubernetesSpec, role: Role, template: V1PodTemplateSpec): string {
  return spec.services[role]?.container ?? template.spec?.containers[0]?.name ?? ''
}

async function describe(role: Role, spec: KubernetesSpec, namespace: string, placement: Placement): Promise<Service> {
  const { cluster, images } = placement
  const workload = workloadOf(spec, role)
  const { service: named, port }: Partial<Workload> = spec.services[role] ?? {}
  const pod = await readyPodOf(cluster, namespace, workload)
  const container = containerIn(spec, role, pod)
  const status = pod.status?.containerStatuses?.find((each) => each.name === container)
  const service = await serviceOf(cluster, namespace, named ?? (workload.split('/')[1] as string))
  const image = pod.spec?.containers.find((each) => each.name === container)?.image ?? ''
  const built = Object.values(images).find(({ tag }) => tag === image)
  const kubectl = kubectlIn(cluster, namespace)
  return {
    role,
    baseUrl: port && service ? await placement.expose(service, port, namespace) : null,
    port: port ?? service?.spec?.ports?.[0]?.port ?? null,
    exec: [...kubectl, 'exec', '--stdin', workload, '--container', container, '--'],
    shell: [...kubectl, 'exec', '--stdin', '--tty', workload, '--container', container, '--'],
    logs: [...kubectl, 'logs', workload, '--container', container, '--timestamps'],
    aliases: aliases(role, service, pod, namespace),
    image,
    imageId: /sha256:[0-9a-f]{64}/.exec(status?.imageID ?? '')?.[0] ?? '',
    provenance: built?.provenance ?? `found in the cluster as ${status?.imageID}`,
    ownImage: built !== undefined,
  }
}

async function readyPodOf(cluster: Cluster, namespace: string, workload: string): Promise<V1Pod> {
  const pods = await podsOf(cluster, namespace, workload)
  const pod = pods.find(isReady)
  if (!pod) throw new Error(`${workload} has no ready pod (${pods.length} pods in all)`)
  return pod
}

/** @param terminating those that are being ended as well */
export async function podsOf(
  cluster: Cluster,
  namespace: string,
  workload: string,
  { terminating = false } = {},
): Promise<V1Pod[]> {
  const { matchLabels = {} } = (await specOf(cluster, namespace, workload)).selector
  const labelSelector = Object.entries(matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const { items } = await api(cluster).core.listNamespacedPod({ namespace, labelSelector })
  return terminating ? items : lasting(items)
}

export async function templateOf(cluster: Cluster, namespace: string, workload: string): Promise<V1PodTemplateSpec> {
  return (await specOf(cluster, namespace, workload)).template
}

/** @throws when there is no such workload */
async function specOf(cluster: Cluster, namespace: string, workload: string) {
  const { apps } = api(cluster)
  const [kind, name] = workload.split('/') as [string, string]
  const read = {
    deployment: () => apps.readNamespacedDeployment({ name, namespace }),
    statefulset: () => apps.readNamespacedStatefulSet({ name, namespace }),
    daemonset: () => apps.readNamespacedDaemonSet({ name, namespace }),
  }[kind]
  const found = await read?.().catch(unlessMissing)
  if (!found?.spec) throw new Error(`the charts have no ${workload} in ${namespace}; correct services in parity.yaml`)
  return found.spec
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

/** The pods that carried the services when these were described, and are gone, do not run, or have ended since then. */
export async function casualties(
  cluster: Cluster,
  environment: Environment,
  { since, absent }: { since: string; absent: Set<Role> },
): Promise<Casualty[]> {
  const { core } = api(cluster)
  const [{ items }, events] = await Promise.all([
    core.listNamespacedPod({ namespace: environment.id }),
    core.listNamespacedEvent({ namespace: environment.id }),
  ])
  const expected = Object.values(environment.services).filter(({ role }) => !absent.has(role))
  return expected.flatMap(({ role, aliases }) => {
    const pod = items.find(({ metadata }) => aliases.includes(metadata?.name ?? ''))
    if (!pod) return [{ role, message: `${role}: its pod is gone` }]
    const [ended] = (pod.status?.containerStatuses ?? []).flatMap(({ state, lastState }) => {
      const end = state?.terminated ?? lastState?.terminated
      const runsAgain = state?.running !== undefined && new Date(end?.finishedAt ?? 0) < new Date(since)
      return end && !runsAgain ? [end] : []
    })
    if (!ended) return []
    // Asked to end by kubelet, a program ends as if nothing were wrong.
    const [probe] = failedProbe(pod, events.items)
    const why = probe ? `: ${probe.message}` : ''
    return [{ role, message: `${role} exited with code ${ended.exitCode} (${ended.reason})${why}` }]
  })
}
