/** Whether the pods of a namespace can ever become ready, read from what the cluster already knows. */
import type { CoreV1Event, V1ContainerStatus, V1Pod } from '@kubernetes/client-node'

/** A pod that will not become ready, and why. */
export interface Trouble {
  pod: string
  /** Null for what concerns the pod as a whole. */
  container: string | null
  reason: string
  message: string
}

/** Reasons for waiting that do not pass by themselves (kubelet's container states). */
const FATAL_WAITING = [
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'RunContainerError',
]

/** A condition of the scheduler or a mount is believed when it has stood this long: both are often true for a moment. */
const STANDING_SECONDS = 5

/** @param now milliseconds since the epoch, by the clock of this machine */
export function fatal(pods: V1Pod[], events: CoreV1Event[], now: number): Trouble[] {
  return pods.flatMap((pod) => [...stuckContainers(pod), ...unschedulable(pod, now), ...failedMounts(pod, events, now)])
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

function stuckContainers(pod: V1Pod): Trouble[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  return statuses.flatMap((status) => {
    const waiting = status.state?.waiting
    if (!waiting?.reason || !FATAL_WAITING.includes(waiting.reason)) return []
    const message = [waiting.message, ended(status)].filter(Boolean).join('; ')
    return [{ pod: pod.metadata?.name ?? '', container: status.name, reason: waiting.reason, message }]
  })
}

function ended({ lastState, restartCount }: V1ContainerStatus): string | undefined {
  const terminated = lastState?.terminated
  if (!terminated) return undefined
  return `ended ${restartCount} times, last with exit code ${terminated.exitCode} (${terminated.reason})`
}

function unschedulable(pod: V1Pod, now: number): Trouble[] {
  const condition = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  if (condition?.reason !== 'Unschedulable' || !stands(condition.lastTransitionTime, now)) return []
  return [{ pod: pod.metadata?.name ?? '', container: null, reason: 'Unschedulable', message: condition.message ?? '' }]
}

function failedMounts(pod: V1Pod, events: CoreV1Event[], now: number): Trouble[] {
  if (pod.status?.phase !== 'Pending') return []
  const failure = events.findLast(
    ({ reason, involvedObject }) => reason === 'FailedMount' && involvedObject.uid === pod.metadata?.uid,
  )
  if (!failure || !stands(failure.firstTimestamp ?? failure.eventTime, now)) return []
  return [{ pod: pod.metadata?.name ?? '', container: null, reason: 'FailedMount', message: failure.message ?? '' }]
}

function stands(since: Date | undefined, now: number): boolean {
  return since !== undefined && now - new Date(since).getTime() >= STANDING_SECONDS * 1000
}
