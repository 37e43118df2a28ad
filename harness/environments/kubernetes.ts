/** What the Helm environments share: a namespace, and companions and charts in it. */
import type { KubernetesSpec } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { Environment, Json, Role, RunningEnvironment, Service } from '../model.ts'
import { waitFor } from '../poll.ts'
import { StartError, type UpContext } from './adapter.ts'
import { api, kubectlIn } from './api.ts'
import { type ClusterHandle, clusterVerbs } from './cluster-verbs.ts'
import { companionManifests } from './companions.ts'
import { buildDependencies } from './dependencies.ts'
import { install, type Target, test } from './helm.ts'
import { createNamespace, removeNamespace } from './namespace.ts'
import { describeNamespace, lastWords } from './namespace-description.ts'
import { newEnvironmentId } from './ownership.ts'
import { isReady, lasting } from './pods.ts'
import { scratchFolder } from './scratch.ts'
import { stopwatch } from './stopwatch.ts'
import { fillerOf } from './values.ts'
import { failingEarly } from './watch.ts'
import { casualties, describeServices, type Placement } from './workloads.ts'

const READY_LIMIT_SECONDS = 300

/** An environment in a cluster, and what it takes to change it while it runs. */
export interface Deployed {
  environment: RunningEnvironment
  target: Target
  /** The services as they are now: pods go and come with each revision of a release. */
  look(): Promise<Record<Role, Service>>
}

/** Installs companions and charts into a new namespace. @throws StartError; nothing of the run is left behind then */
export async function deploy(
  written: KubernetesSpec,
  kind: string,
  context: UpContext,
  place: (spec: KubernetesSpec) => Promise<Placement>,
): Promise<Deployed> {
  await using scratch = await scratchFolder()
  const startedAt = new Date().toISOString()
  const namespace = newEnvironmentId(context.project, context.name)
  const elapsedSeconds = stopwatch()
  let placement: Placement | undefined
  try {
    const spec = await buildDependencies(written, context, scratch.path)
    placement = await place(spec)
    const { cluster, images } = placement
    const placedSeconds = elapsedSeconds()
    for (const password of passwordsOf(spec)) context.redactor.learn(password)
    const target: Target = {
      ...cluster,
      namespace,
      directory: context.directory,
      signal: context.signal,
      fill: fillerOf({ namespace, images, spec }),
    }
    const placed = placement
    const look = () => describeServices(spec, namespace, placed)
    await createNamespace(cluster, namespace, context.keep)
    const services = await failingEarly(cluster, namespace, context.signal, async (signal) => {
      await installAll(spec, { ...target, signal }, context.progress)
      return look()
    })
    const environment: Environment = {
      name: context.name,
      kind,
      id: namespace,
      startedAt,
      readySeconds: elapsedSeconds() - placedSeconds,
      buildSeconds: placement.buildSeconds,
      services,
      formerServices: [],
      vars: spec.vars,
      handle: { ...cluster, directory: context.directory, spec: written, images } as unknown as Json,
    }
    return { environment: runningInCluster(environment, placement.expose, context.signal), target, look }
  } catch (error) {
    const evidence = placement && !context.signal.aborted ? await lastWords(placement.cluster, namespace) : {}
    if (placement) await removeNamespace(placement.cluster, namespace)
    context.signal.throwIfAborted()
    throw new StartError(context.name, (error as Error).message, { cause: error, evidence })
  }
}

/** Gives the verbs to an environment in a cluster. @param expose as in a Placement */
export function runningInCluster(
  environment: Environment,
  expose: Placement['expose'],
  signal = new AbortController().signal,
): RunningEnvironment {
  const handle = environment.handle as unknown as ClusterHandle
  const cluster = { kubeconfig: handle.kubeconfig, context: handle.context }
  const absent = new Set<Role>()
  return {
    ...environment,
    ...clusterVerbs(environment, expose, absent, signal),
    casualties: () => casualties(cluster, environment, { since: handle.settledAt ?? environment.startedAt, absent }),
    settled: () => {
      handle.settledAt = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString()
    },
    describe: () => describeNamespace(cluster, environment.id, environment.services),
    down: () => removeNamespace(cluster, environment.id),
  }
}

async function installAll(spec: KubernetesSpec, target: Target, progress: (message: string) => void): Promise<void> {
  const { companions } = spec
  const apply = [...kubectlIn(target, target.namespace), 'apply', '--filename']
  const manifests = companionManifests(companions)
  if (manifests.length) {
    progress('applying companions')
    const list = { apiVersion: 'v1', kind: 'List', items: manifests }
    await exec([...apply, '-'], { input: JSON.stringify(list), signal: target.signal })
  }
  for (const file of companions.manifests) {
    progress(`applying ${file}`)
    await exec([...apply, file], { cwd: target.directory, signal: target.signal })
  }
  for (const chart of [...companions.charts, ...spec.charts]) {
    progress(`installing ${chart.release}`)
    await install(chart, target)
    if (chart.test) {
      progress(`testing ${chart.release}`)
      await test(chart, target)
    }
  }
  await allReady(target)
}

/** Helm waits for its releases; this is for what it does not know, such as the companions. */
async function allReady(target: Target): Promise<void> {
  const { core } = api(target)
  await waitFor({
    what: 'every pod to be ready',
    withinSeconds: READY_LIMIT_SECONDS,
    signal: target.signal,
    check: async () => {
      const pods = lasting((await core.listNamespacedPod({ namespace: target.namespace })).items)
      return pods.every(isReady) || undefined
    },
  })
}

function passwordsOf({ companions: { postgres, redis } }: KubernetesSpec): string[] {
  return [...Object.values(postgres), ...Object.values(redis)].flatMap(({ password }) => password ?? [])
}
