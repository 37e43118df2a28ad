/** Services of the kept kind cluster, reachable on ports of 127.0.0.1. */
import type { V1Service } from '@kubernetes/client-node'
import { DeadlineError, waitFor } from '../poll.ts'
import { answers, localUrl } from './address.ts'
import { api } from './api.ts'
import { docker } from './docker.ts'
import { keptCluster, node } from './kind-cluster.ts'
import { nodePorts } from './kind-node.ts'

/** Gives the chart's own Service a port of the node, unless it has one, so that requests take the way through it. */
export async function expose(service: V1Service, port: number, namespace: string): Promise<string> {
  const { core } = api(keptCluster)
  const name = service.metadata?.name ?? ''
  const target = service.spec?.ports?.find((each) => each.port === port)
  if (!service.spec || !target) {
    const ports = service.spec?.ports?.map((each) => each.port).join(', ')
    throw new Error(`Service ${name} has no port ${port} (ports: ${ports}); correct services in parity.yaml`)
  }
  const had = target.nodePort
  const taken = new Set<number | undefined>()
  const nodePort =
    had && nodePorts.includes(had)
      ? had
      : await waitFor({
          what: `a free port of the node for ${name}`,
          withinSeconds: 10,
          check: async () => {
            const { items } = await core.listServiceForAllNamespaces()
            for (const { spec } of items) for (const each of spec?.ports ?? []) taken.add(each.nodePort)
            const free = nodePorts.find((candidate) => !taken.has(candidate))
            if (free === undefined) return undefined
            taken.add(free)
            const current = await core.readNamespacedService({ name, namespace })
            const ports = current.spec?.ports?.map((each) => (each.port === port ? { ...each, nodePort: free } : each))
            const body = { ...current, spec: { ...current.spec, type: 'NodePort', ports } }
            return core.replaceNamespacedService({ name, namespace, body }).then(
              () => free,
              (error) => {
                if (error.code === 409 || error.code === 422) return undefined // another run was quicker
                throw error
              },
            )
          },
        })
  const container = await (await docker()).getContainer(node).inspect()
  const hostPort = container.NetworkSettings.Ports[`${nodePort}/tcp`]?.[0]?.HostPort
  const baseUrl = localUrl(hostPort)
  await untilAnswered(baseUrl)
  return baseUrl
}

/** Rules for a new port reach the node a moment later. What is answered, and where nothing is, the probes tell. */
async function untilAnswered(baseUrl: string): Promise<void> {
  await waitFor({
    what: `${baseUrl} to answer`,
    withinSeconds: 15,
    check: async () => (await answers(baseUrl)) || undefined,
  }).catch((error) => {
    if (!(error instanceof DeadlineError)) throw error
  })
}
