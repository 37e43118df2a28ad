/** What a cluster says of one namespace, and what Helm rendered into it. */
import { type Document, isMap, parseAllDocuments } from 'yaml'
import { exec } from '../exec.ts'
import type { Service } from '../model.ts'
import { api, type Cluster, kubectlIn } from './api.ts'
import { releasesIn, renderedOf } from './helm.ts'

const LOG_LINES_AT_MOST = 2000
const DESCRIBED = 'pods,deployments,statefulsets,daemonsets,jobs,cronjobs,services,ingresses,persistentvolumeclaims'

/** Descriptions, events, and each release's manifests without the values of its Secrets. */
export async function describeNamespace(
  cluster: Cluster,
  namespace: string,
  services: Record<string, Service> = {},
): Promise<Record<string, string>> {
  const kubectl = kubectlIn(cluster, namespace)
  const [resources, described, events, rendered] = await Promise.all([
    exec([...kubectl, 'get', DESCRIBED, '--output', 'wide'], { accept: 'any' }),
    exec([...kubectl, 'describe', DESCRIBED], { accept: 'any' }),
    eventsIn(cluster, namespace, services),
    renderedIn(cluster, namespace),
  ])
  const files = {
    'resources.txt': resources.stdout,
    'describe.txt': described.stdout,
    'events.log': events,
    ...rendered,
  }
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== ''))
}

/** The same and all logs, for a namespace that is about to be removed because it could not be filled. */
export function lastWords(cluster: Cluster, namespace: string): Promise<Record<string, string>> {
  // Whatever cannot be had must not stand in the way of the removal, nor of the error that led to it.
  return everything(cluster, namespace).catch((error: Error) => ({ 'not-described.txt': error.message }))
}

async function everything(cluster: Cluster, namespace: string): Promise<Record<string, string>> {
  const kubectl = kubectlIn(cluster, namespace)
  const { items } = await api(cluster).core.listNamespacedPod({ namespace })
  const logs = await Promise.all(
    items.map(async ({ metadata }) => {
      const command = [...kubectl, 'logs', metadata?.name ?? '', '--all-containers', '--prefix', '--timestamps']
      const { stdout } = await exec([...command, '--tail', String(LOG_LINES_AT_MOST)], { accept: 'any' })
      return [`logs/${metadata?.name}.log`, stdout] as const
    }),
  )
  return { ...(await describeNamespace(cluster, namespace)), ...Object.fromEntries(logs.filter(([, text]) => text)) }
}

async function eventsIn(cluster: Cluster, namespace: string, services: Record<string, Service>): Promise<string> {
  const { items } = await api(cluster).core.listNamespacedEvent({ namespace })
  const roleOf = (name: string) => Object.values(services).find(({ aliases }) => aliases.includes(name))?.role ?? name
  const lines = items.map(({ involvedObject, reason, message, lastTimestamp, eventTime, metadata, count }) => {
    const at = lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? new Date(0)
    const times = (count ?? 1) > 1 ? ` (${count} times)` : ''
    return `${new Date(at).toISOString()} ${roleOf(involvedObject.name ?? '')}: ${reason} ${message}${times}`
  })
  return lines
    .map((line) => line.replaceAll('\n', ' '))
    .sort()
    .join('\n')
}

async function renderedIn(cluster: Cluster, namespace: string): Promise<Record<string, string>> {
  const place = { ...cluster, namespace }
  const files = await Promise.all(
    (await releasesIn(place)).map(async (release) => {
      const { manifest, values } = await renderedOf(release, place)
      return [
        [`helm/${release}/manifest.yaml`, withoutSecrets(manifest)],
        [`helm/${release}/values.yaml`, values],
      ] as const
    }),
  )
  return Object.fromEntries(files.flat())
}

/** The values of Secrets are nobody's business; their names are. */
function withoutSecrets(manifest: string): string {
  const documents = parseAllDocuments(manifest) as Document[]
  for (const document of documents) {
    if (document.get('kind') !== 'Secret') continue
    for (const part of ['data', 'stringData']) {
      const values = document.get(part)
      if (isMap(values)) for (const { key } of values.items) values.set(key, '(left out)')
    }
  }
  return documents.map(String).join('---\n')
}
