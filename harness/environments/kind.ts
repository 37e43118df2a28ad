/** The Helm chart in a kind cluster on this machine, in a namespace for each run. */
import type { KindSpec } from '../config/schema.ts'
import type { Adapter, UpContext } from './adapter.ts'
import { imagesOf } from './chart-images.ts'
import { deliver } from './delivery.ts'
import { buildImages } from './images.ts'
import { ensureCluster, keptCluster, node } from './kind-cluster.ts'
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
    const [images] = await Promise.all([buildImages(spec.images, context), ensureCluster(context)])
    await sweepNamespaces(keptCluster)
    context.progress('delivering images')
    const wanted = [...Object.values(images).map(({ tag }) => tag), ...(await imagesOf(spec, context, images))]
    await deliver([...new Set(wanted)], node, context.signal)
    return { cluster: keptCluster, images, buildSeconds: elapsedSeconds(), expose }
  })
}
