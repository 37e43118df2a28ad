/** Releases of charts, by the `helm` program. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { helm } from '../../scripts/kind/paths.js'
import { versions } from '../../scripts/kind/versions.js'
import type { HelmChart, KubernetesSpec } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { Json } from '../model.ts'
import type { UpContext } from './adapter.ts'
import type { Cluster } from './api.ts'
import type { BuiltImage } from './images.ts'
import { fillerOf } from './values.ts'

/** Where releases are. */
export interface Place extends Cluster {
  namespace: string
}

/** Where a release goes. */
export interface Target extends Place {
  /** Paths in parity.yaml are relative to this folder. */
  directory: string
  signal: AbortSignal
  /** Fills the templates in `set`. */
  fill: (text: string) => string
}

/** Installs or upgrades one release and waits for it as `helm --wait` does. @throws CommandError */
export async function install(chart: HelmChart, target: Target): Promise<void> {
  await buildDependencies(chart, target)
  const waiting = ['--wait', '--wait-for-jobs', '--timeout', `${chart.timeoutSeconds}s`]
  await run(['upgrade', '--install', ...argumentsOf(chart, target), ...waiting], target)
}

/** Runs the chart's own tests. @throws CommandError with the logs of the tests' pods */
export async function test(chart: HelmChart, target: Target): Promise<void> {
  await run(['test', chart.release, '--logs', '--timeout', `${chart.timeoutSeconds}s`], target)
}

/** Names of the releases, the latest first. */
export async function releasesIn(place: Place): Promise<string[]> {
  const { stdout } = await run(['list', '--all', '--short', '--date', '--reverse'], place)
  return stdout.split('\n').filter(Boolean)
}

/** Removes a release with what it has put outside its namespace; one that is not there is fine. */
export async function uninstall(release: string, place: Place): Promise<void> {
  await run(['uninstall', release, '--ignore-not-found', '--no-hooks'], place)
}

function run(command: string[], { kubeconfig, context, namespace, signal }: Place & { signal?: AbortSignal }) {
  const place = ['--kubeconfig', kubeconfig, '--kube-context', context, '--namespace', namespace]
  return exec([helm, ...command, ...place], { signal })
}

/** The images that the charts name as they would be installed, and those of the companions. */
export async function imagesOf(
  spec: KubernetesSpec,
  context: UpContext,
  built: Record<string, BuiltImage>,
): Promise<string[]> {
  const fill = fillerOf({ namespace: 'default', images: built, spec })
  const companions = [...Object.values(spec.companions.postgres), ...Object.values(spec.companions.redis)].map(
    ({ image }) => image,
  )
  const rendered = await Promise.all(
    [...spec.companions.charts, ...spec.charts].map(async (chart) => {
      const target = { directory: context.directory, signal: context.signal, fill }
      await buildDependencies(chart, target)
      // A helm that was built from source takes itself for one of Kubernetes 1.20.
      const command = [helm, 'template', ...argumentsOf(chart, target), '--kube-version', versions.kubernetes]
      const { stdout } = await exec(command, { signal: context.signal })
      return parseAllDocuments(stdout).flatMap((document) => imagesIn(document.toJS()))
    }),
  )
  return [...companions, ...rendered.flat()]
}

/** Wherever a pod stands in a manifest: in a Deployment, a CronJob, or a custom resource. */
function imagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'image' && typeof member === 'string' ? [member] : imagesIn(member),
  )
}

function argumentsOf(chart: HelmChart, { directory, fill }: Pick<Target, 'directory' | 'fill'>): string[] {
  const values = chart.values.flatMap((file) => ['--values', resolve(directory, file)])
  const set = Object.entries(chart.set).flatMap(([path, value]) => [
    '--set-json',
    `${path}=${JSON.stringify(filled(value, fill))}`,
  ])
  return [chart.release, resolve(directory, chart.chart), ...values, ...set]
}

/** Only local dependencies can be built without a network; helm says so for the others. */
async function buildDependencies(
  chart: HelmChart,
  { directory, signal }: Pick<Target, 'directory' | 'signal'>,
): Promise<void> {
  const folder = resolve(directory, chart.chart)
  const { dependencies } = parse(await readFile(resolve(folder, 'Chart.yaml'), 'utf8')) as { dependencies?: unknown[] }
  if (dependencies?.length) await exec([helm, 'dependency', 'build', '--skip-refresh', folder], { signal })
}

function filled(value: Json, fill: (text: string) => string): Json {
  if (typeof value === 'string') return fill(value)
  if (Array.isArray(value)) return value.map((item) => filled(item, fill))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, fill)]))
}
