/** How a cluster is reached: by its API, and by kubectl where a program of this machine has to do it. */
import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  type RequestContext,
  type V1Pod,
  Watch,
} from '@kubernetes/client-node'
import { kubectl } from '../../scripts/kind/paths.js'

/** A cluster, and how it is reached. Plain data. */
export interface Cluster {
  kubeconfig: string
  context: string
}

interface Api {
  core: CoreV1Api
  apps: AppsV1Api
  batch: BatchV1Api
}

/** By the configuration: where a kubeconfig has been written for another cluster, it is another one. */
const known = new Map<string, Api>()

/** Requests to one cluster share their connections. */
export function api(cluster: Cluster): Api {
  const config = configOf(cluster)
  const key = config.exportConfig()
  const made = known.get(key) ?? {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
  }
  known.set(key, made)
  return made
}

/** Calls back with each state of a namespace's pods from now on, the one in which they go among them, until aborted. */
export function watchPods(cluster: Cluster, namespace: string, onPod: (pod: V1Pod) => void): Promise<AbortController> {
  const path = `/api/v1/namespaces/${namespace}/pods`
  return new Watch(configOf(cluster)).watch(
    path,
    {},
    (_, pod) => onPod(pod),
    () => {},
  )
}

/** The library gives each request a dispatcher of its own, which makes a connection, and shakes hands over TLS, for that one. */
class OneDispatcher extends KubeConfig {
  #dispatcher: ReturnType<RequestContext['getDispatcher']>

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    this.#dispatcher ??= context.getDispatcher()
    if (this.#dispatcher) context.setDispatcher(this.#dispatcher)
  }
}

function configOf({ kubeconfig, context }: Cluster): KubeConfig {
  const config = new OneDispatcher()
  config.loadFromFile(kubeconfig)
  config.setCurrentContext(context)
  return config
}

/** The beginning of a command line. */
export function kubectlIn({ kubeconfig, context }: Cluster, namespace: string): string[] {
  return [kubectl, '--kubeconfig', kubeconfig, '--context', context, '--namespace', namespace]
}

/** For `catch`: undefined where the API server has no such thing. */
export function unlessMissing(error: { code?: number }): undefined {
  if (error.code !== 404) throw error
}
