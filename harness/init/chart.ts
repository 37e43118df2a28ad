/** What a chart would install, and the values by which images and passwords are given to it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { HelmChart } from '../config/schema.ts'
import { buildDependencies } from '../environments/dependencies.ts'
import { template } from '../environments/helm.ts'
import { scratchFolder } from '../environments/scratch.ts'
import type { Json } from '../model.ts'
import { type Container, type Manifest, parseManifests, podTemplateOf } from '../static/kubernetes/manifest.ts'

export interface Workload {
  /** As in parity.yaml: `deployment/shop-web`. */
  workload: string
  name: string
  container: Container
  /** The Kubernetes Service in front of it. */
  service?: { name: string; port: number }
}

export interface Chart {
  /** Relative to the project. */
  folder: string
  release: string
  /** What had to be set for the chart to render at all. */
  required: { [path: string]: Json }
  workloads: Workload[]
  /** Leaves of values.yaml, those of subcharts among them, by their path. */
  values: Map<string, Json>
}

/** @param secretFor a value for something that the chart requires. @throws CommandError when it cannot be rendered */
export async function readChart(
  project: string,
  folder: string,
  release: string,
  secretFor: (path: string) => string,
): Promise<Chart> {
  await using scratch = await scratchFolder()
  const signal = new AbortController().signal
  const chart: HelmChart = { release, chart: folder, values: [], set: {}, timeoutSeconds: 300, test: false }
  const none = { manifests: [], charts: [], postgres: {}, redis: {} }
  const complete = await buildDependencies(
    { images: {}, companions: none, charts: [chart], services: {}, vars: {} } as never,
    { directory: project, signal },
    scratch.path,
  )
  const values = valuesOf(resolve(project, folder))
  const insisted = requiredIn(resolve(project, folder))
  const required: { [path: string]: Json } = {}
  const render = async (): Promise<string> => {
    const set = { ...required }
    try {
      return await template(
        { ...(complete.charts[0] as HelmChart), set },
        { directory: project, fill: (text) => text, signal },
      )
    } catch (error) {
      const said = (error as Error).message
      const lacking = insisted.filter(({ path, message }) => said.includes(message) && !(path in required))
      if (lacking.length === 0) throw error
      for (const { path } of lacking) required[path] = secretFor(path)
      return render()
    }
  }
  const manifests = parseManifests(await render())
  return { folder, release, required, values, workloads: workloadsIn(manifests) }
}

function workloadsIn(manifests: Manifest[]): Workload[] {
  return manifests.flatMap((manifest) => {
    const kind = manifest.kind.toLowerCase()
    const pod = ['deployment', 'statefulset', 'daemonset'].includes(kind) ? podTemplateOf(manifest) : undefined
    const [container] = pod?.spec.containers ?? []
    if (!pod || !container) return []
    const labels = pod.metadata?.labels ?? {}
    const service = manifests.find(
      ({ kind, spec }) =>
        kind === 'Service' &&
        Object.keys(spec?.selector ?? {}).length > 0 &&
        Object.entries(spec.selector).every(([key, value]) => labels[key] === value),
    )
    const port: number | undefined = service?.spec?.ports?.[0]?.port
    const { name } = manifest.metadata
    return [
      {
        workload: `${kind}/${name}`,
        name,
        container,
        ...(service && port !== undefined && { service: { name: service.metadata.name, port } }),
      },
    ]
  })
}

/** Values that a template insists on, and what Helm says without them: `required "…" .Values.a.b`, or with a pipe. */
function requiredIn(chart: string): { path: string; message: string }[] {
  const folder = join(chart, 'templates')
  if (!existsSync(folder)) return []
  const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
  return texts.flatMap((text) => [
    ...[...text.matchAll(/required\s+"([^"]+)"\s+\.Values\.([\w.]+)/g)].map(([, message, path]) =>
      named(path, message),
    ),
    ...[...text.matchAll(/\.Values\.([\w.]+)\s*\|\s*required\s+"([^"]+)"/g)].map(([, path, message]) =>
      named(path, message),
    ),
  ])
}

function named(path = '', message = ''): { path: string; message: string } {
  return { path, message }
}

function valuesOf(chart: string): Map<string, Json> {
  const dependencies: { name: string; alias?: string; repository?: string }[] =
    parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))?.dependencies ?? []
  const named = dependencies.map(({ name, alias, repository }) => ({
    name: alias ?? name,
    folders: [join(chart, 'charts', name), resolve(chart, repository?.replace(/^file:\/\//, '') ?? '.')],
  }))
  // What lies in charts/ belongs to it, also where Chart.yaml does not say so.
  const unnamed = foldersIn(join(chart, 'charts')).filter((name) => !dependencies.some((each) => each.name === name))
  const subcharts = [...named, ...unnamed.map((name) => ({ name, folders: [join(chart, 'charts', name)] }))]
  const below = subcharts.flatMap(({ name, folders }): [string, Json][] => {
    const folder = folders.find((each) => each !== chart && existsSync(join(each, 'Chart.yaml')))
    return folder ? [...valuesOf(folder)].map(([path, value]) => [`${name}.${path}`, value]) : []
  })
  const file = join(chart, 'values.yaml')
  return new Map([...below, ...(existsSync(file) ? leaves(parse(readFileSync(file, 'utf8')), '') : [])])
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
}

function leaves(value: Json, at: string): [string, Json][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return at ? [[at, value]] : []
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member, at ? `${at}.${key.replaceAll('.', '\\.')}` : key.replaceAll('.', '\\.')),
  )
}
