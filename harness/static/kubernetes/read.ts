/** What charts and their companions declare, as `helm template` renders them. No cluster is needed. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { KubernetesSpec } from '../../config/schema.ts'
import { companionManifests } from '../../environments/companions.ts'
import { buildDependencies } from '../../environments/dependencies.ts'
import { template } from '../../environments/helm.ts'
import { scratchFolder } from '../../environments/scratch.ts'
import { fillerOf } from '../../environments/values.ts'
import type { Contract, Declared, DeclaredImage, Task } from '../contract.ts'
import { faultsOf, undeclared } from '../declared.ts'
import { imageOfBuild } from '../image.ts'
import type { Reading } from '../read.ts'
import { finders } from './faults/index.ts'
import type { Release } from './faults/release.ts'
import { hooksOf, isWorkload, type Manifest, parseManifests, podTemplateOf } from './manifest.ts'
import { declaredIn, hostsOf, type PodContext } from './pod.ts'

const NAMESPACE = 'parity-static'

export async function readKubernetes(
  written: KubernetesSpec,
  { name, directory, signal, redactor }: Reading,
): Promise<Contract> {
  await using scratch = await scratchFolder()
  const spec = await buildDependencies(written, { directory, signal }, scratch.path)
  const images = imagesOf(spec, directory)
  const references = Object.fromEntries(
    Object.entries(images).map(([image, { reference }]) => [image, { tag: reference, id: '', provenance: '' }]),
  )
  const fill = fillerOf({ namespace: NAMESPACE, images: references, spec })
  const charts = [...spec.companions.charts, ...spec.charts]
  const target = { directory, fill, namespace: NAMESPACE, signal }
  const rendered = await Promise.all(charts.map(async (chart) => parseManifests(await template(chart, target))))
  const companions = await Promise.all(spec.companions.manifests.map((path) => manifestsIn(resolve(directory, path))))
  const manifests = [
    ...(companionManifests(spec.companions) as unknown as Manifest[]),
    ...companions.flat(),
    ...rendered.flat(),
  ]
  const context: PodContext = {
    manifests,
    namespace: NAMESPACE,
    imageOf: (reference) => Object.values(images).find((image) => image.reference === reference) ?? { reference },
  }
  const releases = charts.map(
    (chart, index): Release => ({
      ...context,
      manifests: rendered[index] ?? [],
      all: manifests,
      folder: resolve(directory, chart.chart),
      valuesFiles: chart.values.map((file) => resolve(directory, file)),
      setPaths: Object.keys(chart.set),
      redactor,
    }),
  )
  return {
    environment: name,
    runsHealthChecks: false,
    roles: rolesOf(spec, context),
    tasks: tasksOf(context),
    hosts: manifests
      .filter(({ kind }) => kind === 'Service')
      .flatMap(({ metadata }) => hostsOf(metadata.name, NAMESPACE)),
    services: manifests
      .filter(({ kind }) => kind === 'Service')
      .flatMap(({ metadata, spec }) => {
        const ports = (spec?.ports ?? []).map(({ port }: { port: number }) => port)
        return hostsOf(metadata.name, NAMESPACE).map((host) => ({ host, ports }))
      }),
    faults: faultsOf(finders.map(([fault, find]) => [fault, releases.flatMap(find)])),
  }
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

function rolesOf(spec: KubernetesSpec, context: PodContext): Record<string, Declared> {
  const { postgres, redis } = spec.companions
  const companions = Object.fromEntries(
    Object.keys({ ...postgres, ...redis }).map((role) => [role, { workload: `deployment/${role}` }]),
  )
  const described: Record<string, { workload: string; container?: string; service?: string }> = {
    ...companions,
    ...spec.services,
  }
  return Object.fromEntries(
    Object.entries(described).map(([role, { workload, container, service }]) => {
      const owner = context.manifests.find(
        (manifest) => isWorkload(manifest) && `${manifest.kind.toLowerCase()}/${manifest.metadata.name}` === workload,
      )
      const template = owner && podTemplateOf(owner)
      if (!owner || !template) return [role, undeclared(workload, { reference: '' })]
      const found = declaredIn(owner, template, container, context)
      const further = service === undefined ? [] : hostsOf(service, NAMESPACE)
      return [role, { ...found, aliases: [...new Set([...found.aliases, ...further])] }]
    }),
  )
}

function tasksOf(context: PodContext): Record<string, Task> {
  const tasks = context.manifests.filter(({ kind }) => kind === 'Job' || kind === 'Pod')
  return Object.fromEntries(
    tasks.flatMap((task): [string, Task][] => {
      const template = podTemplateOf(task)
      const hooks = hooksOf(task)
      if (!template || hooks.includes('test')) return []
      const before = hooks.some((hook) => hook.startsWith('pre-'))
      const after = hooks.some((hook) => hook.startsWith('post-'))
      const when = before ? 'before' : after ? 'after' : 'beside'
      return [[task.metadata.name, { ...declaredIn(task, template, undefined, context), when }]]
    }),
  )
}

async function manifestsIn(path: string): Promise<Manifest[]> {
  if (!(await stat(path)).isDirectory()) return parseManifests(await readFile(path, 'utf8'))
  const names = (await readdir(path)).filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)))
  return (await Promise.all(names.map((name) => manifestsIn(join(path, name))))).flat()
}
