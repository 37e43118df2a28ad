/** Which images an installation will want, before there is one. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { HelmChart, KubernetesSpec } from '../config/schema.ts'
import type { UpContext } from './adapter.ts'
import { template } from './helm.ts'
import type { BuiltImage } from './images.ts'
import { fillerOf } from './values.ts'

/** Those of the companions, and those that the charts name as they would be installed. */
export async function imagesOf(
  spec: KubernetesSpec,
  context: UpContext,
  built: Record<string, BuiltImage>,
): Promise<string[]> {
  const { charts, manifests, postgres, redis } = spec.companions
  const fill = fillerOf({ namespace: 'default', images: built, spec })
  const found = await Promise.all([
    [...Object.values(postgres), ...Object.values(redis)].map(({ image }) => image),
    ...manifests.map((path) => inManifests(resolve(context.directory, path))),
    ...[...charts, ...spec.charts].map((chart) => inChart(chart, { ...context, fill })),
  ])
  return found.flat()
}

async function inChart(
  chart: HelmChart,
  target: { directory: string; signal: AbortSignal; fill: (text: string) => string },
): Promise<string[]> {
  return inYaml(await template(chart, target))
}

/** A file, or the files of a folder that kubectl takes. */
async function inManifests(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return inYaml(await readFile(path, 'utf8'))
  const names = (await readdir(path)).filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)))
  return (await Promise.all(names.map((name) => inManifests(join(path, name))))).flat()
}

function inYaml(text: string): string[] {
  return parseAllDocuments(text).flatMap((document) => inValue(document.toJS()))
}

/** Wherever a pod stands in a manifest: in a Deployment, a CronJob, or a custom resource. */
function inValue(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(inValue)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'image' && typeof member === 'string' ? [member] : inValue(member),
  )
}
