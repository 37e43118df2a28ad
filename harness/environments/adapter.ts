/** What every kind of environment is for the rest of the harness. */
import type { EnvironmentSpec } from '../config/schema.ts'
import type { Environment, RunningEnvironment } from '../model.ts'
import type { Redactor } from '../secrets.ts'

/** What an adapter is given to work with. */
export interface UpContext {
  /** The project's name; names of containers and images begin with it. */
  project: string
  /** The environment's name in parity.yaml. */
  name: string
  /** The folder of parity.yaml; all paths in it are relative to this one. */
  directory: string
  /** Takes in the secrets that the adapter comes across, so that they are written nowhere. */
  redactor: Redactor
  /** Ends the start; what was started is removed before `up` throws. */
  signal: AbortSignal
  /** What is being done now, for a person who waits. */
  progress: (message: string) => void
  /** Keeps the environment when this process ends. */
  keep: boolean
}

/** One kind of environment. */
export interface Adapter<Spec> {
  /**
   * Builds, starts and waits until every service is ready.
   * @throws StartError when it cannot; nothing is left behind then.
   */
  up(spec: Spec, context: UpContext): Promise<RunningEnvironment>
  /** Takes hold of an environment that another process has started. */
  attach(environment: Environment): RunningEnvironment
}

/** What a kind of environment can do beside coming up and going down. */
export type Verbs = Omit<RunningEnvironment, keyof Environment | 'casualties' | 'settled' | 'describe' | 'down'>

export type Kind = EnvironmentSpec['kind']

/** An environment could not be started. */
export class StartError extends Error {
  readonly environment: string
  /** What the platform said of it before it was removed, as `RunningEnvironment.describe` has it, and all logs. */
  readonly evidence: Record<string, string>

  constructor(environment: string, message: string, { cause, evidence = {} }: StartErrorDetails = {}) {
    super(message, { cause })
    this.name = 'StartError'
    this.environment = environment
    this.evidence = evidence
  }
}

export interface StartErrorDetails {
  cause?: unknown
  evidence?: Record<string, string>
}
