/** All manifests of an environment, as they would be installed. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { KubernetesSpec } from '../../config/schema.ts'
import { companionManifests } from '../../environments/companions.ts'
import { buildDependencies } from '../../environments/dependencies.ts'
import { template } from '../../environments/helm.ts'
import { scratchFolder } from '../../environments/scratch.ts'
import { fillerOf } from '../../environments/values.ts'
import type { DeclaredImage } from '../contract.ts'
import { imageOfBuild } from '../image.ts'
import { type Manifest, parseManifests } from './manifest.ts'
import type { PodContext } from './pod.ts'

export const NAMESPACE = 'parity-static'

export interface Rendered {
  /** Of each chart, the companions' first. */
  rendered: Manifest[][]
  /** All of them, with the manifests that parity.yaml names and those of the harness's own companions. */
  manifests: Manifest[]
  context: PodContext
}

/** @throws CommandError with Helm's words */
export async function renderAll(
  written: KubernetesSpec,
  { directory, signal }: { directory: string; signal: AbortSignal },
): Promise<Rendered> {
  await using scratch = await scratchFolder()
  const spec = await buildDependencies(written, { directory, signal }, scratch.path)
  const images = imagesOf(spec, directory)
  const references = Object.fromEntries(
    Object.entries(images).map(([image, { reference }]) => [image, { tag: reference, id: '', provenance: '' }]),
  )
  const fill = fillerOf({ namespace: NAMESPACE, images: references, spec })
  const target = { directory, fill, namespace: NAMESPACE, signal }
  const folders = [...written.companions.charts, ...written.charts].map(({ chart }) => resolve(directory, chart))
  const rendered = await Promise.all(
    [...spec.companions.charts, ...spec.charts].map(async (chart, index) =>
      parseManifests(await template(chart, target), folders[index]),
    ),
  )
  const companions = await Promise.all(spec.companions.manifests.map((path) => manifestsIn(resolve(directory, path))))
  const manifests = [
    ...(companionManifests(spec.companions) as unknown as Manifest[]),
    ...companions.flat(),
    ...rendered.flat(),
  ]
  const imageOf = (reference: string) =>
    Object.values(images).find((image) => image.reference === reference) ?? { reference }
  return { rendered, manifests, context: { manifests, namespace: NAMESPACE, imageOf } }
}

/** Names that no other image can have, so that a manifest that names one is known to mean it. */
function imagesOf(spec: KubernetesSpec, directory: string): Record<string, DeclaredImage> {
  return Object.fromEntries(
    Object.entries(spec.images).map(([name, build]) => [
      name,
      imageOfBuild(build, `parity.invalid/${name}:built`, directory),
    ]),
  )
}

async function manifestsIn(path: string): Promise<Manifest[]> {
  if (!(await stat(path)).isDirectory()) return parseManifests(await readFile(path, 'utf8'))
  const names = (await readdir(path)).filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)))
  return (await Promise.all(names.map((name) => manifestsIn(join(path, name))))).flat()
}
