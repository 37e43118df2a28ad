/** The kind cluster of this machine: one, kept and shared by all runs. */
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { kind, nodeImage } from '../../scripts/kind/paths.js'
import { CommandError, exec } from '../exec.ts'
import { waitFor } from '../poll.ts'
import type { UpContext } from './adapter.ts'
import { api, type Cluster } from './api.ts'
import { configurationHash, writeConfiguration } from './kind-node.ts'
import { namespacesInUse, sweepNamespaces } from './namespace.ts'
import type { Abandoned } from './ownership.ts'

const NAME = 'parity'
export const node = `${NAME}-control-plane`
/** Never ~/.kube/config: that one is the person's own. */
export const keptCluster: Cluster = {
  kubeconfig: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parity', 'kind', 'kubeconfig'),
  context: `kind-${NAME}`,
}

const CREATE_LIMIT_SECONDS = 300

/**
 * Two runs may want the cluster at once: kind refuses a second one of the same name, and that run waits for the first.
 * A cluster that the engine no longer runs, or of another image or configuration, is replaced: that is as quick as mending it.
 */
export async function ensureCluster(context: UpContext): Promise<void> {
  const state = await nodeState()
  if (state === 'ours' && ((await isReady()) || (await becomesReady(context.signal)))) return
  if (state !== undefined) await deleteCluster()
  context.progress('creating the kind cluster')
  try {
    await inKind(['create', 'cluster', '--image', nodeImage, '--config', '-', '--wait', '120s'], {
      input: await writeConfiguration(dirname(keptCluster.kubeconfig)),
      signal: context.signal,
    })
  } catch (error) {
    const another = error instanceof CommandError && /already exist/.test(error.message)
    if (another && (await becomesReady(context.signal))) return
    // A kind that is told to end leaves the half of a cluster behind.
    if (context.signal.aborted) await deleteCluster()
    throw error
  }
}

/** @throws DeadlineError when there is no such node in time */
export async function nodeTakesImages(signal: AbortSignal): Promise<void> {
  await waitFor({
    what: 'the node of the kind cluster to take images',
    withinSeconds: CREATE_LIMIT_SECONDS,
    everySeconds: 0.5,
    signal,
    check: async () => {
      if ((await nodeState()) !== 'ours') return undefined
      return (await exec(['docker', 'exec', node, 'ctr', 'version'], { accept: 'any' })).exitCode === 0 || undefined
    },
  })
}

/** Removes what nobody is using from the cluster. @returns the names of the namespaces */
export async function sweepCluster(which: Abandoned): Promise<string[]> {
  return (await isReady()) ? sweepNamespaces(keptCluster, which) : []
}

/** Removes the cluster with all that is in it. One that is not there is fine. @throws when a run is using it */
export async function removeCluster(): Promise<string[]> {
  if ((await nodeState()) === undefined) return []
  const users = (await isReady()) ? await namespacesInUse(keptCluster) : []
  if (users.length) {
    throw new Error(`The kind cluster is in use: ${users.join(', ')}. Wait for that run to end, or end it.`)
  }
  await deleteCluster()
  return [node]
}

async function deleteCluster(): Promise<void> {
  await inKind(['delete', 'cluster'])
}

function inKind(command: string[], options: { input?: string; signal?: AbortSignal } = {}) {
  return exec([kind, ...command, '--name', NAME, '--kubeconfig', keptCluster.kubeconfig], {
    ...options,
    // It looks for podman and nerdctl too.
    env: { KIND_EXPERIMENTAL_PROVIDER: 'docker' },
  })
}

/** Whether the node runs and is as we would create it; undefined when there is none. */
async function nodeState(): Promise<'ours' | 'other' | undefined> {
  const format = '{{.State.Running}} {{.Config.Image}} {{.HostConfig.Binds}}'
  const { stdout } = await exec(['docker', 'inspect', '--format', format, node], { accept: [1] })
  if (!stdout) return undefined
  return stdout.startsWith(`true ${nodeImage} `) && stdout.includes(configurationHash) ? 'ours' : 'other'
}

async function isReady(): Promise<boolean> {
  try {
    const { items } = await api(keptCluster).core.listNode()
    const found = items.find(({ metadata }) => metadata?.name === node)
    return found?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  } catch {
    return false
  }
}

/** False when it is not ready in time, or goes away: whoever was creating it has failed. */
async function becomesReady(signal: AbortSignal): Promise<boolean> {
  try {
    return await waitFor({
      what: 'the kind cluster to be ready',
      withinSeconds: CREATE_LIMIT_SECONDS,
      everySeconds: 0.5,
      signal,
      check: async () => {
        if ((await nodeState()) === undefined) return false
        return (await isReady()) || undefined
      },
    })
  } catch (error) {
    if ((error as Error).name === 'DeadlineError') return false
    throw error
  }
}
