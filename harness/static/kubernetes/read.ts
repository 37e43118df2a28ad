import { resolve } from 'node:path'
import type { HelmChart, KubernetesSpec } from '../../config/schema.ts'
import type { Contract, Declared, Task } from '../contract.ts'
import { faultsOf, undeclared } from '../declared.ts'
import type { Reading } from '../read.ts'
import { finders } from './faults/index.ts'
import type { Release } from './faults/release.ts'
import { hooksOf, isWorkload, type Manifest, podTemplateOf } from './manifest.ts'
import { declaredIn, hostsOf, type PodContext } from './pod.ts'
import { NAMESPACE, renderAll } from './render.ts'

export async function readKubernetes(
  spec: KubernetesSpec,
  { name, directory, signal, redactor }: Reading,
): Promise<Contract> {
  const { manifests, rendered, context } = await renderAll(spec, { directory, signal })
  const afterUpgrade = Object.keys(spec.upgrade).length
    ? await renderAll({ ...spec, charts: spec.charts.map((chart) => upgraded(chart, spec)) }, { directory, signal })
    : undefined
  const charts = [...spec.companions.charts, ...spec.charts]
  const releases = charts.map(
    (chart, index): Release => ({
      ...context,
      manifests: rendered[index] ?? [],
      upgraded: (afterUpgrade?.rendered ?? rendered)[index] ?? [],
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

function upgraded(chart: HelmChart, { upgrade }: KubernetesSpec): HelmChart {
  return { ...chart, set: { ...chart.set, ...upgrade[chart.release] } }
}

/** Role by role, from the workloads that carry them. */
export function rolesOf(spec: KubernetesSpec, context: PodContext): Record<string, Declared> {
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
      const owner = workloadIn(context.manifests, workload)
      const template = owner && podTemplateOf(owner)
      if (!owner || !template) return [role, undeclared(workload, { reference: '' })]
      const found = declaredIn(owner, template, container, context)
      const further = service === undefined ? [] : hostsOf(service, NAMESPACE)
      return [role, { ...found, aliases: [...new Set([...found.aliases, ...further])] }]
    }),
  )
}

/** @param name `deployment/web` */
export function workloadIn(manifests: Manifest[], name: string): Manifest | undefined {
  return manifests.find(
    (manifest) => isWorkload(manifest) && `${manifest.kind.toLowerCase()}/${manifest.metadata.name}` === name,
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
