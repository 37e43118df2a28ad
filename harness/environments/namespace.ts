/** The namespace that holds one environment in a cluster, and everything in it. */
import { waitFor } from '../poll.ts'
import { api, type Cluster, unlessMissing } from './api.ts'
import { releasesIn, uninstall } from './helm.ts'
import { labels, OWNER_LABEL, ownerLives } from './ownership.ts'

const REMOVAL_LIMIT_SECONDS = 120

export async function createNamespace(cluster: Cluster, name: string, keep: boolean): Promise<void> {
  await api(cluster).core.createNamespace({ body: { metadata: { name, annotations: labels(name, keep) } } })
}

/** Removes the namespaces whose owner has died. @returns their names */
export async function sweepNamespaces(cluster: Cluster): Promise<string[]> {
  const { items } = await api(cluster).core.listNamespace()
  const dead = items.filter(({ metadata }) => {
    const owner = metadata?.annotations?.[OWNER_LABEL]
    return owner !== undefined && !ownerLives(owner)
  })
  const names = dead.map(({ metadata }) => metadata?.name ?? '')
  await Promise.all(names.map((name) => removeNamespace(cluster, name)))
  return names
}

/** Releases go first: a chart can own things outside its namespace. A namespace that is not there is fine. */
export async function removeNamespace(cluster: Cluster, namespace: string): Promise<void> {
  const { core } = api(cluster)
  const found = () => core.readNamespace({ name: namespace }).catch(unlessMissing)
  if (!(await found())) return
  for (const release of await releasesIn({ ...cluster, namespace })) await uninstall(release, { ...cluster, namespace })
  // Nobody is served any more: what would only wait for the pods' grace periods is not waited for.
  await core.deleteCollectionNamespacedPod({ namespace, gracePeriodSeconds: 0 })
  await core.deleteNamespace({ name: namespace, gracePeriodSeconds: 0 }).catch((error) => {
    if (error.code !== 404 && error.code !== 409) throw error
  })
  await waitFor({
    what: `namespace ${namespace} to be gone`,
    withinSeconds: REMOVAL_LIMIT_SECONDS,
    check: async () => !(await found()) || undefined,
  })
}
