/** Looks after an installation: ends it as soon as the cluster knows that it cannot succeed, and tells why. */
import type { CoreV1Event } from '@kubernetes/client-node'
import { lastLines } from '../exec.ts'
import { waitFor } from '../poll.ts'
import { api, type Cluster } from './api.ts'
import { containerStatuses, isReady, type Known, type Trouble, troublesIn } from './pods.ts'

/** @throws whatever `work` throws, with what the namespace has to say about it, or the trouble that ended it */
export async function failingEarly<T>(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const trouble = new AbortController()
  const done = new AbortController()
  const watching = watch(cluster, namespace, AbortSignal.any([signal, done.signal])).then(
    (reason) => trouble.abort(reason),
    () => {},
  )
  try {
    return await work(AbortSignal.any([signal, trouble.signal]))
  } catch (error) {
    trouble.signal.throwIfAborted()
    signal.throwIfAborted()
    throw new Error(`${(error as Error).message}${await explain(cluster, namespace)}`, { cause: error })
  } finally {
    done.abort()
    await watching
  }
}

/** Settles when there is trouble that does not pass. */
async function watch(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<Error> {
  const firstSeen = new Map<string, number>()
  const lasts = ({ object, container, reason, patienceSeconds }: Trouble) => {
    const key = [object, container, reason].join()
    const since = firstSeen.get(key) ?? performance.now()
    firstSeen.set(key, since)
    return performance.now() - since >= patienceSeconds * 1000
  }
  const trouble = await waitFor({
    what: 'trouble',
    withinSeconds: Number.POSITIVE_INFINITY,
    everySeconds: 2,
    signal,
    check: async () => troublesIn(await look(cluster, namespace)).find(lasts),
  })
  return new Error(await describeTrouble(cluster, namespace, trouble))
}

async function look(cluster: Cluster, namespace: string): Promise<Known> {
  const { core, batch } = api(cluster)
  const [pods, jobs, events] = await Promise.all([
    core.listNamespacedPod({ namespace }),
    batch.listNamespacedJob({ namespace }),
    core.listNamespacedEvent({ namespace }),
  ])
  return { pods: pods.items, jobs: jobs.items, events: events.items }
}

async function describeTrouble(
  cluster: Cluster,
  namespace: string,
  { object, container, reason, message }: Trouble,
): Promise<string> {
  const log = container ? await podLogs(cluster, namespace, object, container) : ''
  const where = container ? `${object}, container ${container}` : object
  return `${where}: ${reason}: ${message}${lastLines(log)}${await warnings(cluster, namespace, object)}`
}

/** What the pods of a namespace say when an installation has failed: those that are not ready, and those that failed. */
async function explain(cluster: Cluster, namespace: string): Promise<string> {
  const { pods } = await look(cluster, namespace)
  const notReady = pods.filter((pod) => !isReady(pod) && pod.status?.phase !== 'Succeeded')
  const reports = await Promise.all(
    notReady.map(async (pod) => {
      const name = pod.metadata?.name ?? ''
      const stuck = containerStatuses(pod).find(({ ready }) => !ready)
      const log = stuck ? await podLogs(cluster, namespace, name, stuck.name) : ''
      return `\n${name}: ${pod.status?.phase}, not ready${lastLines(log)}`
    }),
  )
  return reports.join('') + (await warnings(cluster, namespace))
}

/** Enough for a traceback, and for what stands before it. */
const LOG_LINES = 200

/** Of the run before this one when there was one: it says why it ended. */
async function podLogs(cluster: Cluster, namespace: string, name: string, container: string): Promise<string> {
  const { core } = api(cluster)
  const read = (previous: boolean) =>
    core.readNamespacedPodLog({ name, namespace, container, previous, tailLines: LOG_LINES }).catch(() => '')
  return (await read(true)) || (await read(false))
}

const WARNINGS_SHOWN = 5

/** The latest events that warn, of one object or of all. */
async function warnings(cluster: Cluster, namespace: string, object?: string): Promise<string> {
  const { events } = await look(cluster, namespace)
  const time = ({ lastTimestamp, eventTime }: CoreV1Event) => Number(lastTimestamp ?? eventTime ?? 0)
  return events
    .filter(({ type, involvedObject }) => type === 'Warning' && [involvedObject.name, undefined].includes(object))
    .sort((one, other) => time(one) - time(other))
    .slice(-WARNINGS_SHOWN)
    .map(({ reason, involvedObject, message }) => {
      return `\n  event ${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`
    })
    .join('')
}
