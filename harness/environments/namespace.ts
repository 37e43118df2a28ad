/** The namespace that holds one environment in a cluster, and everything in it. */
import { waitFor } from '../poll.ts'
import { api, type Cluster, unlessMissing } from './api.ts'
import { releasesIn, uninstall } from './helm.ts'
import { type Abandoned, endProcess, FORWARD_PREFIX, isAbandoned, labels, OWNER_LABEL } from './ownership.ts'

const REMOVAL_LIMIT_SECONDS = 120

export async function createNamespace(cluster: Cluster, name: string, keep: boolean): Promise<void> {
  await api(cluster).core.createNamespace({ body: { metadata: { name, annotations: labels(name, keep) } } })
}

/** Removes the namespaces that nobody is using. @returns their names */
export async function sweepNamespaces(cluster: Cluster, which: Abandoned = 'dead'): Promise<string[]> {
  const abandoned = (await ownedNamespaces(cluster)).filter(({ owner }) => isAbandoned(owner, which))
  await Promise.all(abandoned.map(({ name }) => removeNamespace(cluster, name)))
  return abandoned.map(({ name }) => name)
}

/** Names of the namespaces of runs that are going on. */
export async function namespacesInUse(cluster: Cluster): Promise<string[]> {
  const owned = await ownedNamespaces(cluster)
  return owned.filter(({ owner }) => !isAbandoned(owner, 'dead or kept')).map(({ name }) => name)
}

async function ownedNamespaces(cluster: Cluster): Promise<{ name: string; owner: string }[]> {
  const { items } = await api(cluster).core.listNamespace()
  return items.flatMap(({ metadata }) => {
    const owner = metadata?.annotations?.[OWNER_LABEL]
    return owner === undefined ? [] : [{ name: metadata?.name ?? '', owner }]
  })
}

/** Releases go first: a chart can own things outside its namespace. A namespace that is not there is fine. */
export async function removeNamespace(cluster: Cluster, namespace: string): Promise<void> {
  const { core } = api(cluster)
  const found = () => core.readNamespace({ name: namespace }).catch(unlessMissing)
  const standing = await found()
  if (!standing) return
  for (const [name, value] of Object.entries(standing.metadata?.annotations ?? {})) {
    if (name.startsWith(FORWARD_PREFIX)) endProcess(value)
  }
  for (const release of await releasesIn({ ...cluster, namespace })) await uninstall(release, { ...cluster, namespace })
  await core.deleteNamespace({ name: namespace, gracePeriodSeconds: 0 }).catch((error) => {
    if (error.code !== 404 && error.code !== 409) throw error
  })
  // The cluster empties it after five seconds (namespaceDeletionGracePeriod of its controller), and waits for what then
  // still ends by itself. Nobody is served any more, so that this need not be asked to end.
  await core.deleteCollectionNamespacedPod({ namespace, gracePeriodSeconds: 0 })
  await core.deleteCollectionNamespacedPersistentVolumeClaim({ namespace })
  await waitFor({
    what: `namespace ${namespace} to be gone`,
    withinSeconds: REMOVAL_LIMIT_SECONDS,
    check: async () => !(await found()) || undefined,
  })
}
