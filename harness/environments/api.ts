/** How a cluster is reached: by its API, and by kubectl where a program of this machine has to do it. */
import { AppsV1Api, BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node'
import { kubectl } from '../../scripts/kind/paths.js'

/** A cluster, and how it is reached. Plain data. */
export interface Cluster {
  kubeconfig: string
  context: string
}

export interface Api {
  core: CoreV1Api
  apps: AppsV1Api
  batch: BatchV1Api
}

export function api({ kubeconfig, context }: Cluster): Api {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  config.setCurrentContext(context)
  return {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
  }
}

/** The beginning of a command line. */
export function kubectlIn({ kubeconfig, context }: Cluster, namespace: string): string[] {
  return [kubectl, '--kubeconfig', kubeconfig, '--context', context, '--namespace', namespace]
}

/** For `catch`: undefined where the API server has no such thing. */
export function unlessMissing(error: { code?: number }): undefined {
  if (error.code !== 404) throw error
}
