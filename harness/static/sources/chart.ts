/** Where a chart says what a role is given: the lines of the templates that render its workload and its variables. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubernetesSpec } from '../../config/schema.ts'
import type { Role, Source } from '../../model.ts'
import type { Declared } from '../contract.ts'
import { textFilesIn } from '../files.ts'
import type { Manifest } from '../kubernetes/manifest.ts'
import { rolesOf, workloadIn } from '../kubernetes/read.ts'
import { renderAll } from '../kubernetes/render.ts'
import { sourcesInDockerfile } from './dockerfile.ts'
import { type Placing, place } from './place.ts'

/** What a template calls them. */
const WHAT: [string, RegExp][] = [
  ['image', /^\s*(image:|\{\{-?\s*include\s+"[^"]*image[^"]*")/],
  ['command', /^\s*(command|args):/],
  ['user', /^\s*(runAsUser:|securityContext:)/],
  ['port', /^\s*(- )?containerPort:/],
  ['health check', /^\s*(readiness|liveness|startup)Probe:/],
  ['limit', /^\s*resources:/],
]

export async function chartSources(spec: KubernetesSpec, placing: Placing, signal: AbortSignal): Promise<Source[]> {
  const { manifests, context } = await renderAll(spec, { directory: placing.directory, signal })
  const roles = Object.entries(rolesOf(spec, context))
  return roles.flatMap(([role, declared]) => {
    const workload = workloadIn(manifests, spec.services[role]?.workload ?? '')
    return [
      ...(workload?.source ? inTemplate(workload.source, role, declared, placing) : []),
      ...ofVariables(role, declared, manifests, workload, placing),
      ...sourcesInDockerfile(declared.image, role, placing),
    ]
  })
}

function inTemplate(file: string, role: Role, declared: Declared, placing: Placing): Source[] {
  const volumes = declared.mounts.map(({ target }): [string, RegExp] => [
    `volume ${target}`,
    new RegExp(`mountPath:\\s*["']?${target}["']?\\s*$`),
  ])
  // A probe has a command too.
  const own = WHAT.filter(([what]) => what !== 'command' || declared.entrypoint || declared.command)
  return [...own, ...volumes].flatMap(([what, pattern]) => firstLine(file, pattern, role, what, placing))
}

/** In the template of the ConfigMap or Secret that holds it, or of the workload itself; else wherever the chart names it. */
function ofVariables(
  role: Role,
  { variables }: Declared,
  manifests: Manifest[],
  workload: Manifest | undefined,
  placing: Placing,
): Source[] {
  return Object.entries(variables).flatMap(([name, { from }]) => {
    const holder = manifests.find(({ kind, metadata }) => `${kind} ${metadata.name}` === from)
    const files = [holder?.source, workload?.source].filter((file) => file !== undefined)
    const chart = workload?.source === undefined ? [] : templatesBeside(workload.source)
    for (const file of [...files, ...chart]) {
      const found = firstLine(
        file,
        new RegExp(`(^|[^A-Za-z0-9_])${name}([^A-Za-z0-9_]|$)`),
        role,
        `env ${name}`,
        placing,
      )
      if (found.length) return found
    }
    return []
  })
}

/** The other templates of a chart, and its values. */
function templatesBeside(template: string): string[] {
  const chart = template.slice(0, template.lastIndexOf('/templates/'))
  return [...textFilesIn(chart).keys()].map((path) => join(chart, path))
}

function firstLine(file: string, pattern: RegExp, role: Role, what: string, placing: Placing): Source[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  const index = lines.findIndex((line) => pattern.test(line))
  return index < 0 ? [] : [place(placing, role, what, { file, line: index + 1, text: lines[index] as string })]
}
