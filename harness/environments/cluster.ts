/** The Helm chart in a new namespace of an existing cluster, by kube context. Nothing outside that namespace is touched. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import type { ClusterSpec } from '../config/schema.ts'
import { exec, serve } from '../exec.ts'
import type { Environment, RunningEnvironment } from '../model.ts'
import type { Adapter, UpContext } from './adapter.ts'
import { localUrl } from './address.ts'
import { type Cluster, kubectlIn } from './api.ts'
import { type BuiltImage, buildImages } from './images.ts'
import { deploy, runningInCluster } from './kubernetes.ts'
import { sweepNamespaces } from './namespace.ts'
import { FORWARD_PREFIX, owner } from './ownership.ts'
import { scratchFolder } from './scratch.ts'
import { stopwatch } from './stopwatch.ts'
import type { Placement } from './workloads.ts'

export const cluster: Adapter<ClusterSpec> = { up, attach }

async function up(spec: ClusterSpec, context: UpContext): Promise<RunningEnvironment> {
  const { environment } = await deploy(spec, spec.kind, context, async () => {
    const elapsedSeconds = stopwatch()
    const where = named(spec, context)
    await sweepNamespaces(where)
    const built = await buildImages(spec.images, context)
    const images = spec.registry ? await push(built, spec.registry, context) : built
    return {
      cluster: where,
      images,
      buildSeconds: elapsedSeconds(),
      expose: forwarding(where, context.signal, context.keep),
    }
  })
  return environment
}

/** What a verb that moves pods forwards anew ends with the process of that verb. */
function attach(environment: Environment): RunningEnvironment {
  const { kubeconfig, context } = environment.handle as unknown as Cluster
  return runningInCluster(environment, forwarding({ kubeconfig, context }, new AbortController().signal, false))
}

/** The context that parity.yaml names. @throws when the kubeconfig has no such context; the current one is never taken instead */
function named(spec: ClusterSpec, { directory }: UpContext): Cluster {
  const kubeconfig = spec.kubeconfig
    ? resolve(directory, spec.kubeconfig)
    : (process.env.KUBECONFIG ?? join(homedir(), '.kube', 'config'))
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const contexts = config.getContexts().map(({ name }) => name)
  if (!contexts.includes(spec.context)) {
    throw new Error(`${kubeconfig} has no context ${spec.context}; it has ${contexts.join(', ') || 'none'}`)
  }
  return { kubeconfig, context: spec.context }
}

async function push(
  images: Record<string, BuiltImage>,
  registry: string,
  context: UpContext,
): Promise<Record<string, BuiltImage>> {
  const pushed = await Promise.all(
    Object.entries(images).map(async ([name, image]) => {
      const tag = `${registry.replace(/\/$/, '')}/${image.tag}`
      await exec(['docker', 'tag', image.tag, tag])
      await exec(['docker', 'push', '--quiet', tag], { signal: context.signal })
      return [name, { ...image, tag }] as const
    }),
  )
  return Object.fromEntries(pushed)
}

/**
 * Ports of 127.0.0.1 that lead to a pod behind a Service, each until the namespace is removed or this process ends.
 * @param keep they go on when this process has ended
 */
function forwarding(cluster: Cluster, signal: AbortSignal, keep: boolean): Placement['expose'] {
  return async (service, port, namespace) => {
    await using scratch = await scratchFolder()
    const kubectl = kubectlIn(cluster, namespace)
    const forward = ['port-forward', '--address', '127.0.0.1', `service/${service.metadata?.name}`, `:${port}`]
    const { pid, match, stop } = await serve([...kubectl, ...forward], {
      until: /Forwarding from 127\.0\.0\.1:(\d+)/,
      withinSeconds: 30,
      signal,
      output: join(scratch.path, 'output'),
      outlives: keep,
    })
    const mark = `${FORWARD_PREFIX}${pid}=${owner(pid)}`
    await exec([...kubectl, 'annotate', 'namespace', namespace, mark], { signal }).catch(async (error) => {
      await stop()
      throw error
    })
    return localUrl(match[1])
  }
}
