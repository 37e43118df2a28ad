/** Releases of charts, by the `helm` program. */
import { resolve } from 'node:path'
import { helm } from '../../scripts/kind/paths.js'
import { versions } from '../../scripts/kind/versions.js'
import type { HelmChart } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { Json } from '../model.ts'
import type { Cluster } from './api.ts'

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
  const waiting = ['--wait', '--wait-for-jobs', '--timeout', `${chart.timeoutSeconds}s`]
  await run(['upgrade', '--install', ...argumentsOf(chart, target), ...waiting], target)
}

/** The manifests as they would be installed, hooks and tests included; needs no cluster. @throws CommandError */
export async function template(
  chart: HelmChart,
  target: Pick<Target, 'directory' | 'fill'> & Partial<Pick<Target, 'namespace' | 'signal'>>,
): Promise<string> {
  const namespace = target.namespace === undefined ? [] : ['--namespace', target.namespace]
  // A helm that was built from source takes itself for one of Kubernetes 1.20.
  const command = [helm, 'template', ...argumentsOf(chart, target), ...namespace, '--kube-version', versions.kubernetes]
  return (await exec(command, { signal: target.signal })).stdout
}

/** Runs the chart's own tests. @throws CommandError with the logs of the tests' pods */
export async function test(chart: HelmChart, target: Target): Promise<void> {
  await run(['test', chart.release, '--logs', '--hide-notes', '--timeout', `${chart.timeoutSeconds}s`], target)
}

/** Goes back to an earlier revision of a release. @throws CommandError */
export async function rollback(chart: HelmChart, revision: number, target: Target): Promise<void> {
  const waiting = ['--wait', '--wait-for-jobs', '--timeout', `${chart.timeoutSeconds}s`]
  await run(['rollback', chart.release, String(revision), ...waiting], target)
}

/** Names of the releases, the latest first. */
export async function releasesIn(place: Place): Promise<string[]> {
  const { stdout } = await run(['list', '--all', '--short', '--date', '--reverse'], place)
  return stdout.split('\n').filter(Boolean)
}

/** What a release consists of, as rendered, and the values it was rendered with; Secrets stand in it in clear. */
export async function renderedOf(release: string, place: Place): Promise<{ manifest: string; values: string }> {
  const [manifest, values] = await Promise.all([
    run(['get', 'manifest', release], place),
    run(['get', 'values', release, '--all'], place),
  ])
  return { manifest: manifest.stdout, values: values.stdout }
}

/**
 * Removes a release with what it has put outside its namespace; one that is not there is fine.
 * @param options `hooks`: run those for its deletion; `wait`: until nothing of it is left, pods among it
 */
export async function uninstall(
  release: string,
  place: Place,
  { hooks, wait }: { hooks?: boolean; wait?: boolean } = {},
): Promise<void> {
  const options = [...(hooks ? [] : ['--no-hooks']), ...(wait ? ['--wait', '--cascade', 'foreground'] : [])]
  await run(['uninstall', release, '--ignore-not-found', ...options], place)
}

function run(command: string[], { kubeconfig, context, namespace, signal }: Place & { signal?: AbortSignal }) {
  const place = ['--kubeconfig', kubeconfig, '--kube-context', context, '--namespace', namespace]
  return exec([helm, ...command, ...place], { signal })
}

/** Release, chart and values, for `upgrade` and `template` alike. */
export function argumentsOf(chart: HelmChart, { directory, fill }: Pick<Target, 'directory' | 'fill'>): string[] {
  const values = chart.values.flatMap((file) => ['--values', resolve(directory, file)])
  const set = Object.entries(chart.set).flatMap(([path, value]) => [
    '--set-json',
    `${path}=${JSON.stringify(filled(value, fill))}`,
  ])
  return [chart.release, resolve(directory, chart.chart), ...values, ...set]
}

function filled(value: Json, fill: (text: string) => string): Json {
  if (typeof value === 'string') return fill(value)
  if (Array.isArray(value)) return value.map((item) => filled(item, fill))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, fill)]))
}
