/** The Helm chart in a new namespace of an existing cluster, by kube context. Nothing outside that namespace is touched. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { KubeConfig, type V1Service } from '@kubernetes/client-node'
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

export const cluster: Adapter<ClusterSpec> = { up, attach }

async function up(spec: ClusterSpec, context: UpContext): Promise<RunningEnvironment> {
  const forwards = forwarding()
  try {
    const { environment } = await deploy(spec, spec.kind, context, async () => {
      const elapsedSeconds = stopwatch()
      const where = named(spec, context)
      await sweepNamespaces(where)
      const built = await buildImages(spec.images, context)
      const images = spec.registry ? await push(built, spec.registry, context) : built
      const expose = forwards.expose(where, context.signal, context.keep)
      return { cluster: where, images, buildSeconds: elapsedSeconds(), expose }
    })
    return forwards.closedWith(environment)
  } catch (error) {
    await forwards.close()
    throw error
  }
}

/** What a verb that moves pods opens anew ends with that verb. */
function attach(environment: Environment): RunningEnvironment {
  const forwards = forwarding()
  const { kubeconfig, context } = environment.handle as unknown as Cluster
  const expose = forwards.expose({ kubeconfig, context }, new AbortController().signal)
  return forwards.closedWith(runningInCluster(environment, expose))
}

/** Ports of this machine that lead into the cluster while this process lasts, or while an environment does that is kept. */
function forwarding() {
  const open: AsyncDisposable[] = []
  const close = () => Promise.all(open.map((forward) => forward[Symbol.asyncDispose]()))
  return {
    close,
    expose:
      (where: Cluster, signal: AbortSignal, keep = false) =>
      async (service: V1Service, port: number, namespace: string) => {
        const forward = await forwardTo({ cluster: where, service, port, namespace, signal, keep })
        open.push(forward)
        return forward.baseUrl
      },
    closedWith: (environment: RunningEnvironment): RunningEnvironment => ({
      ...environment,
      down: async () => {
        await close()
        await environment.down()
      },
    }),
  }
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

interface Forward {
  cluster: Cluster
  service: V1Service
  port: number
  namespace: string
  signal: AbortSignal
  keep: boolean
}

/** A port of 127.0.0.1 that leads to a pod behind a Service, until it is disposed of or the namespace is removed. */
async function forwardTo(to: Forward): Promise<AsyncDisposable & { baseUrl: string }> {
  await using scratch = await scratchFolder()
  const kubectl = kubectlIn(to.cluster, to.namespace)
  const forward = ['port-forward', '--address', '127.0.0.1', `service/${to.service.metadata?.name}`, `:${to.port}`]
  const { pid, match, stop } = await serve([...kubectl, ...forward], {
    until: /Forwarding from 127\.0\.0\.1:(\d+)/,
    withinSeconds: 30,
    signal: to.signal,
    output: join(scratch.path, 'output'),
    outlives: to.keep,
  })
  await exec([...kubectl, 'annotate', 'namespace', to.namespace, `${FORWARD_PREFIX}${pid}=${owner(pid)}`])
  return { baseUrl: localUrl(match[1]), [Symbol.asyncDispose]: stop }
}
