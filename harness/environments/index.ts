/** The kinds of environment there are. */
import type { EnvironmentSpec } from '../config/schema.ts'
import type { Environment, RunningEnvironment } from '../model.ts'
import type { Adapter, Kind, UpContext } from './adapter.ts'
import { cluster } from './cluster.ts'
import { compose } from './compose.ts'
import { containers } from './containers.ts'
import { engineVersion } from './docker.ts'
import { kind } from './kind.ts'
import { sweepCluster } from './kind-cluster.ts'
import { removeAbandonedImages } from './passing.ts'
import { remove } from './removal.ts'
import { removeAbandonedFolders } from './scratch.ts'

export { StartError, type UpContext } from './adapter.ts'
export { removeCluster } from './kind-cluster.ts'

const adapters: Record<Kind, Adapter<never>> = { compose, containers, kind, cluster }

/** @throws StartError */
export function up(spec: EnvironmentSpec, context: UpContext): Promise<RunningEnvironment> {
  return adapters[spec.kind].up(spec as never, context)
}

/** Takes hold of an environment that another process has started. */
export function attach(environment: Environment): RunningEnvironment {
  return adapters[environment.kind as Kind].attach(environment)
}

/** Removes what runs that have died left behind. @returns the names of what was removed */
export async function sweep(): Promise<string[]> {
  return (await Promise.all([remove('dead'), removeAbandonedFolders(), removeAbandonedImages()])).flat()
}

/** Removes in addition the environments that were kept. @returns the names of what was removed */
export async function clean(): Promise<string[]> {
  const removed = await Promise.all([
    remove('dead or kept'),
    sweepCluster('dead or kept'),
    removeAbandonedFolders(),
    removeAbandonedImages(),
  ])
  return removed.flat()
}

/** @throws an error that says what to do when there is no engine to start anything on */
export async function requireEngine(): Promise<void> {
  try {
    await engineVersion()
  } catch (error) {
    throw new Error(
      `No container engine answers: ${(error as Error).message}\nStart Docker (or run \`npm run setup\`), check it with \`docker info\`, then try again.`,
    )
  }
}
