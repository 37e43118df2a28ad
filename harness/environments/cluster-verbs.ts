/** What can be done to an environment whose services are workloads of a cluster. */
import type { V1Pod, V1Probe } from '@kubernetes/client-node'
import type { KubernetesSpec } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { Environment, HealthCheck, Instance, Json, Role, Service } from '../model.ts'
import { waitFor } from '../poll.ts'
import type { Verbs } from './adapter.ts'
import { api, type Cluster, kubectlIn, watchPods } from './api.ts'
import { buildDependencies } from './dependencies.ts'
import { putServices, remember } from './former.ts'
import { checkRunner } from './health-check.ts'
import { install, rollback, type Target, uninstall } from './helm.ts'
import type { BuiltImage } from './images.ts'
import { isReady } from './pods.ts'
import { scratchFolder } from './scratch.ts'
import { stopwatch } from './stopwatch.ts'
import { fillerOf } from './values.ts'
import { failingEarly } from './watch.ts'
import { containerIn, describeServices, type Placement, podsOf, templateOf, workloadOf } from './workloads.ts'

/** What an environment in a cluster is found and changed by: the content of its `handle`. */
export interface ClusterHandle extends Cluster {
  /** Of parity.yaml; paths in the spec are relative to it. */
  directory: string
  spec: KubernetesSpec
  images: Record<string, BuiltImage>
  /** When its start was over (RFC 3339, whole seconds, as the cluster has its times). */
  settledAt?: string
}

const READY_LIMIT_SECONDS = 300
/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
const GRACE_SECONDS = 30

/**
 * @param expose as in a Placement: ways to a Service may end with the pods behind it
 * @param absent the roles that do not run because somebody here has ended them
 */
export function clusterVerbs(
  environment: Environment,
  expose: Placement['expose'],
  absent: Set<Role>,
  signal: AbortSignal,
): Verbs {
  const handle = environment.handle as unknown as ClusterHandle
  const { spec, images } = handle
  const cluster: Cluster = { kubeconfig: handle.kubeconfig, context: handle.context }
  const { id: namespace, services } = environment
  const kubectl = (...words: string[]) => exec([...kubectlIn(cluster, namespace), ...words], { signal })
  const pods = (role: Role) => podsOf(cluster, namespace, workloadOf(spec, role))
  /** What a role that was stopped had. */
  const replicasBefore = new Map<Role, number>()

  const refresh = async (roles = Object.keys(services).filter((role) => !absent.has(role))) => {
    const placement: Placement = { cluster, images, buildSeconds: 0, expose }
    putServices(environment, Object.values(await describeServices(spec, namespace, placement, roles)))
  }
  const ready = (role: Role, replicas: number) =>
    failingEarly(cluster, namespace, signal, (failing) =>
      waitFor({
        what: `${replicas} ready pods of ${role}`,
        withinSeconds: READY_LIMIT_SECONDS,
        signal: failing,
        check: async () => {
          const found = await pods(role)
          return (found.length === replicas && found.every(isReady)) || undefined
        },
      }).then(() => {}),
    )
  const setReplicas = (role: Role, replicas: number) =>
    kubectl('scale', workloadOf(spec, role), `--replicas=${replicas}`)

  /** Installs the charts once more, as a pipeline does with every deployment. */
  const deploy = async (changed: Record<string, Record<string, Json>>) => {
    await using scratch = await scratchFolder()
    const { directory } = handle
    const built = await buildDependencies(spec, { directory, signal }, scratch.path)
    const fill = fillerOf({ namespace, images, spec })
    const target: Target = { ...cluster, namespace, directory, signal, fill }
    await failingEarly(cluster, namespace, signal, async (failing) => {
      for (const chart of built.charts) {
        const set = { ...chart.set, ...changed[chart.release] }
        await install({ ...chart, set }, { ...target, signal: failing })
      }
    })
  }

  return {
    impossible: {
      ...(Object.keys(spec.upgrade).length === 0 && {
        upgrade: 'parity.yaml has no upgrade for it',
        rollback: 'there is nothing to go back to',
      }),
    },

    stop: async (role) => {
      absent.add(role)
      const template = await templateOf(cluster, namespace, workloadOf(spec, role))
      replicasBefore.set(role, (await pods(role)).length)
      const container = containerIn(spec, role, template)
      let exitCode: number | null = null
      const watching = await watchPods(cluster, namespace, ({ metadata, status }) => {
        const ended = status?.containerStatuses?.find(({ name }) => name === container)?.state?.terminated
        if (ended && isLabelled(metadata?.labels, template.metadata?.labels)) exitCode = ended.exitCode
      })
      const elapsedSeconds = stopwatch()
      await setReplicas(role, 0)
      await gone(role).finally(() => watching.abort())
      const graceSeconds = template.spec?.terminationGracePeriodSeconds ?? GRACE_SECONDS
      return { exitCode, seconds: elapsedSeconds(), graceSeconds }
    },

    kill: async (role) => {
      absent.add(role)
      const doomed = await pods(role)
      replicasBefore.set(role, doomed.length)
      const elapsedSeconds = stopwatch()
      const { core } = api(cluster)
      const remove = ({ metadata }: V1Pod) =>
        core.deleteNamespacedPod({ name: metadata?.name ?? '', namespace, gracePeriodSeconds: 0 })
      await Promise.all(doomed.map(remove))
      return { exitCode: null, seconds: elapsedSeconds(), graceSeconds: 0 }
    },

    start: async (role) => {
      const replicas = replicasBefore.get(role) ?? 1
      await setReplicas(role, replicas)
      await ready(role, replicas)
      absent.delete(role)
      // Others may still be recovering from its absence.
      await refresh([role])
    },

    scale: async (role, replicas) => {
      await setReplicas(role, replicas)
      await ready(role, replicas)
      await refresh([role])
      const service = services[role] as Service
      const container = containerIn(spec, role, await templateOf(cluster, namespace, workloadOf(spec, role)))
      const found = (await pods(role)).map((pod) => replica(service, pod, container, kubectlIn(cluster, namespace)))
      remember(environment, found)
      return found
    },

    redeploy: async () => {
      await deploy({})
      const own = Object.values(services).filter(({ ownImage }) => ownImage)
      const workloads = own.map(({ role }) => workloadOf(spec, role))
      if (workloads.length) await kubectl('rollout', 'restart', ...workloads)
      await failingEarly(cluster, namespace, signal, async () => {
        for (const workload of workloads)
          await kubectl('rollout', 'status', workload, `--timeout=${READY_LIMIT_SECONDS}s`)
      })
      await refresh()
    },

    upgrade: async () => {
      await deploy(spec.upgrade)
      await refresh()
    },

    rollback: async () => {
      const target: Target = { ...cluster, namespace, directory: handle.directory, signal, fill: (text) => text }
      const upgraded = spec.charts.filter(({ release }) => release in spec.upgrade)
      await failingEarly(cluster, namespace, signal, async (failing) => {
        for (const chart of upgraded.toReversed()) await rollback(chart, PREVIOUS, { ...target, signal: failing })
      })
      await refresh()
    },

    reinstall: async () => {
      for (const { release } of spec.charts.toReversed()) {
        await uninstall(release, { ...cluster, namespace }, { hooks: true, wait: true })
      }
      await deploy({})
      await refresh()
    },

    checkHealth: async (role) => {
      const template = await templateOf(cluster, namespace, workloadOf(spec, role))
      const name = containerIn(spec, role, template)
      const [pod] = await pods(role)
      const container = template.spec?.containers.find((each) => each.name === name)
      if (!container || !pod) return []
      const kinds = [
        ['startup', container.startupProbe],
        ['readiness', container.readinessProbe],
        ['liveness', container.livenessProbe],
      ] as const
      const present = kinds.flatMap(([kind, probe]) => (probe ? [{ kind, probe }] : []))
      const checks: HealthCheck[] = []
      const run = checkRunner()
      const { exec: prefix } = services[role] as Service
      for (const { kind, probe } of present) {
        const limits = limitsOf(probe)
        const words = probe.exec?.command
        const check = words
          ? run({ name: kind, words, command: [...prefix, ...words], ...limits, signal })
          : networkCheck(kind, { ...probe, ...limits }, pod, name)
        checks.push(await check)
      }
      return checks
    },

    instances: async (role) => (await pods(role)).map((pod) => instance(pod)),

    // What a pod mounts is on its node.
    mounts: async () => [],
  }

  async function gone(role: Role): Promise<void> {
    await waitFor({
      what: `the pods of ${role} to be gone`,
      withinSeconds: READY_LIMIT_SECONDS,
      signal,
      check: async () => {
        const found = await podsOf(cluster, namespace, workloadOf(spec, role), { terminating: true })
        return found.length === 0 || undefined
      },
    })
  }

  /** What kubelet asks over the network it has to tell itself, as it asks from the node. */
  async function networkCheck(
    name: HealthCheck['name'],
    { httpGet, tcpSocket, grpc, timeoutSeconds }: V1Probe & { timeoutSeconds: number },
    pod: V1Pod,
    container: string,
  ): Promise<HealthCheck> {
    const elapsedSeconds = stopwatch()
    const status = pod.status?.containerStatuses?.find((each) => each.name === container)
    const passes = name === 'readiness' ? (status?.ready ?? false) : (status?.started ?? false)
    const check = httpGet
      ? `GET ${httpGet.path ?? '/'} on ${httpGet.port}`
      : `${grpc ? 'gRPC' : 'TCP'} on ${grpc?.port ?? tcpSocket?.port}`
    const output = passes ? '' : await complaint(pod)
    return { name, check, passes, seconds: elapsedSeconds(), timeoutSeconds, output }
  }

  async function complaint({ metadata }: V1Pod): Promise<string> {
    const { items } = await api(cluster).core.listNamespacedEvent({ namespace })
    const about = items.filter(({ involvedObject, reason }) => {
      return involvedObject.uid === metadata?.uid && reason === 'Unhealthy'
    })
    return about.at(-1)?.message ?? ''
  }
}

function isLabelled(labels: Record<string, string> = {}, wanted: Record<string, string> = {}): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes */
function limitsOf({ timeoutSeconds = 1, failureThreshold: threshold = 3 }: V1Probe) {
  return { timeoutSeconds, threshold }
}

/** `helm rollback RELEASE 0`: the revision before. */
const PREVIOUS = 0

function replica(service: Service, pod: V1Pod, container: string, kubectl: string[]): Service {
  const name = pod.metadata?.name ?? ''
  return {
    ...service,
    exec: [...kubectl, 'exec', '--stdin', name, '--container', container, '--'],
    shell: [...kubectl, 'exec', '--stdin', '--tty', name, '--container', container, '--'],
    logs: [...kubectl, 'logs', name, '--container', container, '--timestamps'],
    aliases: [name, pod.status?.podIP ?? ''].filter(Boolean),
  }
}

function instance(pod: V1Pod): Instance {
  const statuses = pod.status?.containerStatuses ?? []
  const containers = pod.spec?.containers ?? []
  return {
    name: pod.metadata?.name ?? '',
    running: statuses.length > 0 && statuses.every(({ state }) => state?.running !== undefined),
    // Where there is only a startup probe, nothing is ready before that one has passed.
    healthy: containers.some(({ readinessProbe, startupProbe }) => readinessProbe ?? startupProbe)
      ? isReady(pod)
      : null,
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    exitCode: statuses.find(({ lastState }) => lastState?.terminated)?.lastState?.terminated?.exitCode ?? null,
  }
}
