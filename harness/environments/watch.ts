/** Looks after an installation: ends it as soon as the cluster knows that it cannot succeed, and tells why. */
import { lastLines } from '../exec.ts'
import { waitFor } from '../poll.ts'
import { api, type Cluster } from './api.ts'
import { fatal, isReady, type Trouble } from './pods.ts'

/** @throws whatever `work` throws, with what the namespace has to say about it, or the trouble that ended it */
export async function failingEarly(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const trouble = new AbortController()
  const done = new AbortController()
  const watching = watch(cluster, namespace, AbortSignal.any([signal, done.signal])).then(
    (reason) => trouble.abort(reason),
    () => {},
  )
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

/** Settles when there is trouble. */
async function watch(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<Error> {
  const { core } = api(cluster)
  const trouble = await waitFor({
    what: 'trouble',
    withinSeconds: Number.POSITIVE_INFINITY,
    everySeconds: 1,
    signal,
    check: async () => {
      const [pods, events] = await Promise.all([
        core.listNamespacedPod({ namespace }),
        core.listNamespacedEvent({ namespace }),
      ])
      return fatal(pods.items, events.items, Date.now())[0]
    },
  })
  return new Error(await describeTrouble(cluster, namespace, trouble))
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
