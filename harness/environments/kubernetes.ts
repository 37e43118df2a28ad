/** What the Helm environments share: a namespace, companions and charts in it, waiting, looking, removing. */
import { AppsV1Api, CoreV1Api, KubeConfig, type V1Pod, type V1Service } from '@kubernetes/client-node'
import { kubectl } from '../../scripts/kind/paths.js'
import type { KubernetesSpec } from '../config/schema.ts'
import { exec, lastLines } from '../exec.ts'
import type { Casualty, Environment, Json, Role, RunningEnvironment, Service } from '../model.ts'
import { waitFor } from '../poll.ts'
import { StartError, type UpContext } from './adapter.ts'
import { companionManifests } from './companions.ts'
import { install, type Target, test, uninstall } from './helm.ts'
import type { BuiltImage } from './images.ts'
import { labels, newEnvironmentId, OWNER_LABEL, ownerLives } from './ownership.ts'
import { fatal, isReady, type Trouble } from './pods.ts'
import { stopwatch } from './stopwatch.ts'
import { fillerOf } from './values.ts'

/** A cluster, and how it is reached. Plain data. */
export interface Cluster {
  kubeconfig: string
  context: string
}

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

/** Installs companions and charts into a new namespace. @throws StartError; nothing of the run is left behind then */
export async function deploy(
  spec: KubernetesSpec,
  kind: string,
  context: UpContext,
  place: () => Promise<Placement>,
): Promise<RunningEnvironment> {
  const startedAt = new Date().toISOString()
  const namespace = newEnvironmentId(context.project, context.name)
  const elapsedSeconds = stopwatch()
  const releases = [...spec.companions.charts, ...spec.charts].map(({ release }) => release)
  let placement: Placement | undefined
  try {
    placement = await place()
    const { cluster, images } = placement
    const placedSeconds = elapsedSeconds()
    for (const password of passwordsOf(spec)) context.redactor.learn(password)
    const target: Target = {
      ...cluster,
      namespace,
      directory: context.directory,
      signal: context.signal,
      fill: fillerOf({ namespace, images, spec }),
    }
    await createNamespace(cluster, namespace, context.keep)
    await failingEarly(cluster, namespace, context.signal, async (signal) => {
      await installAll(spec, { ...target, signal }, context.progress)
    })
    const services = await describe(spec, namespace, placement)
    const environment: Environment = {
      name: context.name,
      kind,
      id: namespace,
      startedAt,
      readySeconds: elapsedSeconds() - placedSeconds,
      buildSeconds: placement.buildSeconds,
      services,
      vars: spec.vars,
      handle: { ...cluster, releases },
    }
    return runningInCluster(environment)
  } catch (error) {
    if (placement) await removeNamespace(placement.cluster, namespace, releases)
    context.signal.throwIfAborted()
    throw new StartError(context.name, (error as Error).message, error)
  }
}

/** Gives the verbs to an environment in a cluster. */
export function runningInCluster(environment: Environment): RunningEnvironment {
  const { kubeconfig, context, releases } = environment.handle as unknown as Cluster & { releases: string[] }
  const cluster = { kubeconfig, context }
  return {
    ...environment,
    casualties: () => casualties(cluster, environment),
    down: () => removeNamespace(cluster, environment.id, releases),
  }
}

/** Namespaces whose owner has died. @returns their names */
export async function sweepNamespaces(cluster: Cluster): Promise<string[]> {
  const { items } = await api(cluster).core.listNamespace()
  const dead = items.filter(({ metadata }) => {
    const owner = metadata?.annotations?.[OWNER_LABEL]
    return owner !== undefined && !ownerLives(owner)
  })
  const names = dead.map(({ metadata }) => metadata?.name ?? '')
  await Promise.all(names.map((name) => removeNamespace(cluster, name, [])))
  return names
}

export function api({ kubeconfig, context }: Cluster): { core: CoreV1Api; apps: AppsV1Api } {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  config.setCurrentContext(context)
  return { core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) }
}

// --- installing -------------------------------------------------------------------------------------------------

async function createNamespace(cluster: Cluster, name: string, keep: boolean): Promise<void> {
  await api(cluster).core.createNamespace({ body: { metadata: { name, annotations: labels(name, keep) } } })
}

async function installAll(spec: KubernetesSpec, target: Target, progress: (message: string) => void): Promise<void> {
  const { companions } = spec
  const manifests = companionManifests(companions)
  if (manifests.length) {
    progress('applying companions')
    const list = { apiVersion: 'v1', kind: 'List', items: manifests } as Json
    await kubectlIn(target, ['apply', '--filename', '-'], { input: JSON.stringify(list) })
  }
  for (const file of companions.manifests)
    await kubectlIn(target, ['apply', '--filename', file], { cwd: target.directory })
  for (const chart of [...companions.charts, ...spec.charts]) {
    progress(`installing ${chart.release}`)
    await install(chart, target)
    if (chart.test) {
      progress(`testing ${chart.release}`)
      await test(chart, target)
    }
  }
  await waitFor({
    what: 'every pod to be ready',
    withinSeconds: 300,
    signal: target.signal,
    check: async () => {
      const pods = lasting((await api(target).core.listNamespacedPod({ namespace: target.namespace })).items)
      return pods.every(isReady) || undefined
    },
  })
}

function kubectlIn(target: Target, command: string[], options: { input?: string; cwd?: string } = {}) {
  const { kubeconfig, context, namespace, signal } = target
  return exec([kubectl, '--kubeconfig', kubeconfig, '--context', context, '--namespace', namespace, ...command], {
    ...options,
    signal,
  })
}

/** Ends an installation as soon as the cluster knows that a pod can never become ready. */
async function failingEarly(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { core } = api(cluster)
  const trouble = new AbortController()
  const done = new AbortController()
  const watching = waitFor({
    what: 'trouble',
    withinSeconds: Number.POSITIVE_INFINITY,
    everySeconds: 1,
    signal: AbortSignal.any([signal, done.signal]),
    check: async () => {
      const [pods, events] = await Promise.all([
        core.listNamespacedPod({ namespace }),
        core.listNamespacedEvent({ namespace }),
      ])
      const [first] = fatal(pods.items, events.items, Date.now())
      if (first) trouble.abort(new Error(await describeTrouble(cluster, namespace, first)))
      return first
    },
  }).catch(() => {})
  try {
    await work(AbortSignal.any([signal, trouble.signal]))
  } catch (error) {
    trouble.signal.throwIfAborted()
    signal.throwIfAborted()
    throw new Error(`${(error as Error).message}${await explain(cluster, namespace)}`, { cause: error })
  } finally {
    done.abort()
    await watching
  }
}

async function describeTrouble(
  cluster: Cluster,
  namespace: string,
  { pod, container, reason, message }: Trouble,
): Promise<string> {
  const where = container ? `${pod}, container ${container}` : pod
  const log = container ? await podLogs(cluster, namespace, pod, container) : ''
  return `pod ${where}: ${reason}: ${message}${lastLines(log)}${await recentEvents(cluster, namespace)}`
}

/** What the pods of a namespace say when an installation has failed: those that are not ready, and those that failed. */
async function explain(cluster: Cluster, namespace: string): Promise<string> {
  const { items } = await api(cluster).core.listNamespacedPod({ namespace })
  const notReady = items.filter((pod) => !isReady(pod) && pod.status?.phase !== 'Succeeded')
  const reports = await Promise.all(
    notReady.map(async ({ metadata, spec, status }) => {
      const name = metadata?.name ?? ''
      const log = await podLogs(cluster, namespace, name, spec?.containers[0]?.name ?? '')
      return `\npod ${name}: ${status?.phase}, not ready${lastLines(log)}`
    }),
  )
  return reports.join('') + (await recentEvents(cluster, namespace))
}

async function podLogs(cluster: Cluster, namespace: string, name: string, container: string): Promise<string> {
  const { core } = api(cluster)
  const read = (previous: boolean) => core.readNamespacedPodLog({ name, namespace, container, previous, tailLines: 15 })
  const log = await read(true).catch(() => read(false).catch(() => ''))
  return log || (await read(false).catch(() => ''))
}

async function recentEvents(cluster: Cluster, namespace: string): Promise<string> {
  const { items } = await api(cluster).core.listNamespacedEvent({ namespace })
  const warnings = items.filter(({ type }) => type === 'Warning').slice(-5)
  return warnings
    .map(
      ({ reason, involvedObject, message }) =>
        `\n  event ${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`,
    )
    .join('')
}

// --- looking ----------------------------------------------------------------------------------------------------

async function describe(spec: KubernetesSpec, namespace: string, placement: Placement): Promise<Record<Role, Service>> {
  const companions = Object.keys({ ...spec.companions.postgres, ...spec.companions.redis })
  const workloads: [Role, Workload][] = [
    ...Object.entries(spec.services),
    ...companions.map((role) => [role, { workload: `deployment/${role}` }] as [Role, Workload]),
  ]
  const described = await Promise.all(
    workloads.map(
      async ([role, workload]) => [role, await describeService(role, workload, namespace, placement)] as const,
    ),
  )
  return Object.fromEntries(described.sort(([a], [b]) => a.localeCompare(b)))
}

async function describeService(
  role: Role,
  workload: Workload,
  namespace: string,
  placement: Placement,
): Promise<Service> {
  const { cluster, images } = placement
  const name = workload.workload.split('/')[1] as string
  const pod = await podOf(cluster, namespace, workload.workload)
  const container = workload.container ?? pod.spec?.containers[0]?.name ?? ''
  const status = pod.status?.containerStatuses?.find((each) => each.name === container)
  const kubernetesService = await serviceOf(cluster, namespace, workload.service ?? name)
  const baseUrl =
    workload.port && kubernetesService ? await placement.expose(kubernetesService, workload.port, namespace) : null
  const image = pod.spec?.containers.find((each) => each.name === container)?.image ?? ''
  const built = Object.values(images).find(({ tag }) => tag === image)
  const command = [kubectl, '--kubeconfig', cluster.kubeconfig, '--context', cluster.context, '--namespace', namespace]
  return {
    role,
    baseUrl,
    exec: [...command, 'exec', '--stdin', workload.workload, '--container', container, '--'],
    logs: [...command, 'logs', workload.workload, '--container', container, '--timestamps'],
    aliases: aliases(role, kubernetesService, pod, namespace),
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
  const found = await read?.().catch((error) => {
    if (error.code === 404) return undefined
    throw error
  })
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

/** Jobs and tests come to an end; what is left has to stay ready. */
function lasting(pods: V1Pod[]): V1Pod[] {
  const ends = (pod: V1Pod) =>
    pod.metadata?.ownerReferences?.some(({ kind }) => kind === 'Job') ||
    pod.metadata?.annotations?.['helm.sh/hook'] !== undefined
  return pods.filter((pod) => !ends(pod) && pod.metadata?.deletionTimestamp === undefined)
}

async function casualties(cluster: Cluster, environment: Environment): Promise<Casualty[]> {
  const { core } = api(cluster)
  const { items } = await core.listNamespacedPod({ namespace: environment.id })
  return Object.values(environment.services).flatMap(({ role, aliases }) => {
    const pod = items.find(({ metadata }) => aliases.includes(metadata?.name ?? ''))
    const restarted = pod?.status?.containerStatuses?.find(
      ({ lastState }) => new Date(lastState?.terminated?.finishedAt ?? 0) > new Date(environment.startedAt),
    )
    const terminated = restarted?.lastState?.terminated
    if (!pod) return [{ role, message: `${role}: its pod is gone` }]
    if (terminated) return [{ role, message: `${role} exited with code ${terminated.exitCode} (${terminated.reason})` }]
    return []
  })
}

// --- removing ---------------------------------------------------------------------------------------------------

async function removeNamespace(cluster: Cluster, namespace: string, releases: string[]): Promise<void> {
  const { core } = api(cluster)
  const exists = () =>
    core.readNamespace({ name: namespace }).then(
      () => true,
      (error) => {
        if (error.code === 404) return false
        throw error
      },
    )
  if (!(await exists())) return
  for (const release of releases.toReversed()) await uninstall(release, { ...cluster, namespace })
  // Nobody is served any more: what would only wait for the pods' grace periods is not waited for.
  await core.deleteCollectionNamespacedPod({ namespace, gracePeriodSeconds: 0 })
  await core.deleteNamespace({ name: namespace, gracePeriodSeconds: 0 }).catch((error) => {
    if (error.code !== 404 && error.code !== 409) throw error
  })
  await waitFor({
    what: `namespace ${namespace} to be gone`,
    withinSeconds: 120,
    check: async () => !(await exists()) || undefined,
  })
}

function passwordsOf({ companions: { postgres, redis } }: KubernetesSpec): string[] {
  return [...Object.values(postgres), ...Object.values(redis)].flatMap(({ password }) => password ?? [])
}
