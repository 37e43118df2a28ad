/** Charts with their dependencies in place, as Helm wants them before it installs. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { helm } from '../../scripts/kind/paths.js'
import type { HelmChart, KubernetesSpec } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { UpContext } from './adapter.ts'

interface Dependency {
  name: string
  repository?: string
}

const LOCAL = 'file://'

/**
 * Builds the dependencies that charts take from folders, always anew, and those that are not there at all. That happens in
 * copies under `scratch`: `helm dependency build` writes charts/ and Chart.lock, and nothing of the project's is written to.
 * @returns the specification with the paths of these copies
 */
export async function buildDependencies(
  spec: KubernetesSpec,
  { directory, signal }: Pick<UpContext, 'directory' | 'signal'>,
  scratch: string,
): Promise<KubernetesSpec> {
  const built = (charts: HelmChart[]) =>
    Promise.all(
      charts.map(async (chart) => ({
        ...chart,
        chart: await complete(resolve(directory, chart.chart), scratch, signal),
      })),
    )
  const [charts, companions] = await Promise.all([built(spec.charts), built(spec.companions.charts)])
  return { ...spec, charts, companions: { ...spec.companions, charts: companions } }
}

/** @returns the chart's own folder when it is complete as it is, or that of a complete copy */
async function complete(folder: string, scratch: string, signal: AbortSignal): Promise<string> {
  const chart = parseDocument(await readFile(join(folder, 'Chart.yaml'), 'utf8'))
  const dependencies: Dependency[] = chart.toJS().dependencies ?? []
  const there = await readdir(join(folder, 'charts')).catch(() => [])
  const missing = dependencies.filter(
    ({ name, repository }) =>
      repository?.startsWith(LOCAL) || !there.some((entry) => entry === name || entry.startsWith(`${name}-`)),
  )
  if (missing.length === 0) return folder

  const copy = join(await mkdtemp(join(scratch, 'chart-')), basename(folder))
  await cp(folder, copy, { recursive: true, dereference: true })
  for (const [index, { repository }] of dependencies.entries()) {
    if (!repository?.startsWith(LOCAL)) continue
    // A folder is named as seen from the chart, which stands elsewhere now; and it can have dependencies itself.
    const dependency = await complete(resolve(folder, repository.slice(LOCAL.length)), scratch, signal)
    chart.setIn(['dependencies', index, 'repository'], `${LOCAL}${dependency}`)
    await rm(join(copy, 'Chart.lock'), { force: true })
  }
  await writeFile(join(copy, 'Chart.yaml'), String(chart))
  await exec([helm, 'dependency', 'build', '--skip-refresh', copy], { signal })
  return copy
}
