/** The Helm chart in a kind cluster on this machine, in a namespace for each run. */
import type { KindSpec, KubernetesSpec } from '../config/schema.ts'
import type { Adapter, UpContext } from './adapter.ts'
import { imagesOf } from './chart-images.ts'
import { deliver } from './delivery.ts'
import { buildImages } from './images.ts'
import { ensureCluster, keptCluster, node, nodeTakesImages } from './kind-cluster.ts'
import { type Deployed, deploy, runningInCluster } from './kubernetes.ts'
import { sweepNamespaces } from './namespace.ts'
import { expose } from './node-ports.ts'
import { stopwatch } from './stopwatch.ts'

export const kind: Adapter<KindSpec> = { up, attach: (environment) => runningInCluster(environment, expose) }

async function up(spec: KindSpec, context: UpContext) {
  return (await deployInKind(spec, context)).environment
}

/** For who changes releases while they run. @throws StartError */
export function deployInKind(written: KindSpec, context: UpContext): Promise<Deployed> {
  return deploy(written, written.kind, context, async (spec) => {
    const elapsedSeconds = stopwatch()
    context.progress('building images, looking for the cluster')
    const failed = new AbortController()
    const signal = AbortSignal.any([context.signal, failed.signal])
    const coming = ensureCluster(context).catch((error: unknown) => {
      failed.abort(error)
      throw error
    })
    const [, { images, wanted }] = await Promise.all([coming, prepareImages(spec, { ...context, signal })])
    await sweepNamespaces(keptCluster)
    // What is there already does not travel again.
    await deliver(wanted, node, context.signal)
    return { cluster: keptCluster, images, buildSeconds: elapsedSeconds(), expose }
  })
}

/**
 * Builds, and delivers beside the cluster's coming up: a node takes images long before it is ready. It may fail, or be
 * replaced meanwhile, so that nothing follows from this delivery.
 */
async function prepareImages(spec: KubernetesSpec, context: UpContext) {
  const images = await buildImages(spec.images, context)
  const built = Object.values(images).map(({ tag }) => tag)
  const wanted = [...new Set([...built, ...(await imagesOf(spec, context, images))])]
  try {
    await nodeTakesImages(context.signal)
    context.progress('delivering images')
    await deliver(wanted, node, context.signal)
  } catch {}
  return { images, wanted }
}
