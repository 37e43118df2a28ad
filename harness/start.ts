/** Brings environments up side by side, with the project's sample data in them, and down again whatever happens. */
import type { Config } from './config/load.ts'
import { attach, removeCluster, requireEngine, StartError, sweep, up } from './environments/index.ts'
import { filesOf, withoutSecrets, witness } from './evidence/witness.ts'
import { exec } from './exec.ts'
import type { Environment, Recording, RunningEnvironment } from './model.ts'
import type { Redactor } from './secrets.ts'
import { settle } from './settle.ts'

export interface StartOptions {
  redactor: Redactor
  signal: AbortSignal
  /** Called with what one environment is doing. */
  progress: (environment: string, message: string) => void
  /** Leaves the environments up when this process ends. */
  keep?: boolean
  /** Makes a new kind cluster instead of using the kept one. */
  fresh?: boolean
  /** Called with each environment as soon as it is up; the signal is aborted when another one fails. */
  whenUp?: (environment: RunningEnvironment, signal: AbortSignal) => Promise<unknown>
}

/** Environments that are up; disposing of them takes them down. */
export interface Started extends AsyncDisposable {
  environments: RunningEnvironment[]
  casualties(): Promise<Recording['casualties']>
  down(): Promise<void>
}

/**
 * Starts the named environments, and waits for what is done with each when it is up. When one fails the others are stopped
 * at once and removed.
 * @throws StartError for the first one that could not be started, or what `whenUp` has thrown
 */
export async function startEnvironments(config: Config, names: string[], options: StartOptions): Promise<Started> {
  await requireEngine()
  const removed = [...(await sweep()), ...(options.fresh ? await removeCluster() : [])]
  if (removed.length) options.progress('sweep', `removed ${removed.length} remains of runs that have died`)
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const running = new Map<string, RunningEnvironment>()
  const attempts = names.map(async (name) => {
    try {
      const environment = await startOne(config, name, { ...options, signal })
      running.set(name, environment)
      await options.whenUp?.(environment, signal)
    } catch (error) {
      failed.abort(error)
    }
  })
  await Promise.all(attempts)
  const started = hold(names.flatMap((name) => running.get(name) ?? []))
  if (signal.aborted) {
    await started.down()
    throw signal.reason
  }
  return started
}

/** Takes hold of environments that another process has started. */
export function attachEnvironments(environments: Environment[]): Started {
  return hold(environments.map(attach))
}

function hold(running: RunningEnvironment[]): Started {
  const down = async () => {
    await Promise.all(running.map((environment) => environment.down()))
  }
  return {
    environments: running,
    casualties: async () => (await Promise.all(running.map(casualtiesOf))).flat(),
    down,
    [Symbol.asyncDispose]: down,
  }
}

export async function casualtiesOf(environment: RunningEnvironment): Promise<Recording['casualties']> {
  return (await environment.casualties()).map((casualty) => ({ ...casualty, environment: environment.name }))
}

async function startOne(config: Config, name: string, options: StartOptions): Promise<RunningEnvironment> {
  const spec = config.settings.environments[name]
  if (!spec) throw new StartError(name, `parity.yaml has no environment ${name}`)
  const { redactor, signal } = options
  const progress = (message: string) => options.progress(name, redactor.text(message))
  try {
    const { project, prepare } = config.settings
    const { directory } = config
    const environment = await up(spec, {
      project,
      name,
      directory,
      redactor,
      signal,
      keep: options.keep ?? false,
      progress,
    })
    try {
      await settle(environment, signal, progress)
      await prepareData(environment, prepare, signal, progress)
      environment.settled()
    } catch (error) {
      // A service that died says more than the command that missed it.
      const dead = (await environment.casualties()).map(({ message }) => message)
      const evidence = filesOf(await witness(environment, redactor))
      await environment.down()
      throw new StartError(name, [...dead, (error as Error).message].join('\n'), { evidence })
    }
    return environment
  } catch (error) {
    signal.throwIfAborted()
    // Without its cause: that one quotes what services have logged, secrets and all.
    const evidence = error instanceof StartError ? withoutSecrets(error.evidence, redactor) : {}
    throw new StartError(name, redactor.text((error as Error).message), { evidence })
  }
}

async function prepareData(
  { services, name }: Environment,
  prepare: Config['settings']['prepare'],
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<void> {
  for (const { name: step, role, command, timeoutSeconds } of prepare) {
    progress(step)
    const service = services[role]
    if (!service) throw new Error(`${step} is to run in ${role}, which ${name} does not have`)
    await exec([...service.exec, ...command], { timeoutSeconds, signal })
  }
}

/** The data of an environment without its verbs, for handing it to another process. */
export function plain(environment: Environment): Environment {
  const { name, kind, id, startedAt, readySeconds, buildSeconds, services, formerServices, vars, handle } = environment
  return { name, kind, id, startedAt, readySeconds, buildSeconds, services, formerServices, vars, handle }
}
