/** Whether what runs in a namespace can ever become ready, read from what the cluster already knows. Pure. */
import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node'

/** What a cluster knows of a namespace. */
export interface Known {
  pods: V1Pod[]
  jobs: V1Job[]
  events: CoreV1Event[]
}

/** Why something will not become ready. */
export interface Trouble {
  /** Name of the pod, or of the Job whose pods are gone. */
  object: string
  /** Null for what concerns the pod as a whole. */
  container: string | null
  reason: string
  message: string
  /** It may pass by itself within this time: believe it when it has been there longer. */
  patienceSeconds: number
}

export function troublesIn({ pods, jobs, events }: Known): Trouble[] {
  return [
    ...pods.flatMap((pod) => [
      ...stuckContainers(pod),
      ...unschedulable(pod, events),
      ...failedMount(pod, events),
      ...failedProbe(pod, events),
    ]),
    ...jobs.flatMap((job) => failedJob(job, pods)),
  ]
}

export function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** Jobs and tests come to an end; what is left has to stay ready. */
export function lasting(pods: V1Pod[]): V1Pod[] {
  const ends = ({ metadata }: V1Pod) =>
    metadata?.ownerReferences?.some(({ kind }) => kind === 'Job') ||
    metadata?.annotations?.['helm.sh/hook'] !== undefined
  return pods.filter((pod) => !ends(pod) && pod.metadata?.deletionTimestamp === undefined)
}

/** The containers in the order in which they start. */
export function containerStatuses({ status }: V1Pod): V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
}

/** Reasons for waiting (kubelet's container states) and how soon they may pass: an operator can bring a Secret late. */
const WAITING: Record<string, number> = {
  CrashLoopBackOff: 0,
  CreateContainerConfigError: 5,
  CreateContainerError: 5,
  ErrImageNeverPull: 0,
  ErrImagePull: 0,
  ImagePullBackOff: 0,
  InvalidImageName: 0,
  RunContainerError: 5,
}

function stuckContainers(pod: V1Pod): Trouble[] {
  return containerStatuses(pod).flatMap((status) => {
    const { reason = '', message } = status.state?.waiting ?? {}
    const patienceSeconds = WAITING[reason]
    if (patienceSeconds === undefined) return []
    return [trouble(pod, reason, [message, ended(status)].filter(Boolean).join('; '), patienceSeconds, status.name)]
  })
}

function ended({ lastState, restartCount }: V1ContainerStatus): string | undefined {
  const terminated = lastState?.terminated
  if (!terminated) return undefined
  return `ended ${restartCount} times, last with exit code ${terminated.exitCode} (${terminated.reason})`
}

/** A cluster that is about to grow will have room, and volumes are on their way for a while. */
function unschedulable(pod: V1Pod, events: CoreV1Event[]): Trouble[] {
  const condition = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  if (condition?.reason !== 'Unschedulable') return []
  if (events.some((event) => event.reason === 'TriggeredScaleUp' && isAbout(event, pod))) return []
  const message = condition.message ?? ''
  return [trouble(pod, condition.reason, message, /persistentvolumeclaim/i.test(message) ? 60 : 5)]
}

/** Kubelet tries again and again. What still failed some seconds after the first time stays. */
function failedMount(pod: V1Pod, events: CoreV1Event[]): Trouble[] {
  if (pod.status?.phase !== 'Pending') return []
  const failure = events.findLast((event) => event.reason === 'FailedMount' && isAbout(event, pod))
  const triedSeconds = (Number(failure?.lastTimestamp) - Number(failure?.firstTimestamp)) / 1000
  return failure && triedSeconds >= 5 ? [trouble(pod, 'FailedMount', failure.message ?? '', 0)] : []
}

/** The chart itself says how long a start may take, by its startup and liveness probes. */
export function failedProbe(pod: V1Pod, events: CoreV1Event[]): Trouble[] {
  const about = events.filter((event) => isAbout(event, pod))
  const killing = about.find(({ reason, message }) => reason === 'Killing' && FAILED_PROBE.test(message ?? ''))
  const [, container] = FAILED_PROBE.exec(killing?.message ?? '') ?? []
  return container ? [trouble(pod, 'Unhealthy', killing?.message ?? '', 0, container)] : []
}

/** As kubelet says it: `Container web failed startup probe, will be restarted`. */
const FAILED_PROBE = /^Container (\S+) failed (?:startup|liveness) probe/

/** Runs of a CronJob are not what an installation waits for. */
function failedJob({ metadata, status }: V1Job, pods: V1Pod[]): Trouble[] {
  const condition = status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True')
  if (!condition || metadata?.ownerReferences?.some(({ kind }) => kind === 'CronJob')) return []
  const { reason = 'Failed', message = '' } = condition
  const pod = pods.findLast((each) => each.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid))
  const failed = pod && containerStatuses(pod).find(({ state }) => state?.terminated?.exitCode)
  if (!pod || !failed) {
    return [{ object: metadata?.name ?? '', container: null, reason, message, patienceSeconds: 0 }]
  }
  return [trouble(pod, reason, `${message}; exit code ${failed.state?.terminated?.exitCode}`, 0, failed.name)]
}

function trouble(pod: V1Pod, reason: string, message: string, patienceSeconds: number, container?: string): Trouble {
  return { object: pod.metadata?.name ?? '', container: container ?? null, reason, message, patienceSeconds }
}

function isAbout({ involvedObject }: CoreV1Event, { metadata }: V1Pod): boolean {
  return involvedObject.uid === metadata?.uid
}
