/**
 * One task whose worker something happens to: started before, followed after.
 *
 *     const started = await startTask(environment, celery, celery.longTask, signal)
 *     await environment.kill('worker'); await environment.start('worker')
 *     const { fate, runs } = await followTask(environment, celery, started, 60, signal)
 */
import { isError } from '../compare/json.ts'
import type { CeleryConfig } from '../config/schema.ts'
import type { Environment, Json } from '../model.ts'
import { askCelery } from './celery-script.ts'
import { ObservableError } from './error.ts'
import { find } from './inside.ts'

/** For a worker to be free and to take the task. */
const START_WITHIN_SECONDS = 30
/** To listen before the task is sent, and to ask the workers afterwards. */
const AROUND_SECONDS = 30

/** A task that runs. All but its id is for `followTask`. */
export interface StartedTask {
  [fact: string]: Json
  id: string
}

export interface TaskFate {
  [fact: string]: Json
  /**
   * `ended`; `running`; `waiting` for a worker; `held`: not acknowledged by a worker that is no more, so that it comes
   * again when the broker's visibility timeout is over; `lost`: neither stored, nor run, nor known to the broker;
   * `unknown`: nobody runs it, and the broker (not Redis) does not say.
   */
  fate: string
  /** How often it was begun, the first time included. */
  runs: number
  /** As the result backend has it, beside `result` or `exception` of a task that ended. */
  state: string | null
}

/**
 * Sends a task as the publisher does, and returns once a worker runs it.
 * @throws ObservableError when it is not started, or runs in the publisher itself
 */
export async function startTask(
  environment: Environment,
  celery: CeleryConfig,
  task: { task: string; args: Json[]; kwargs: { [name: string]: Json } },
  signal: AbortSignal,
): Promise<StartedTask> {
  const asked = { question: 'start', task, withinSeconds: START_WITHIN_SECONDS }
  return (await ask(environment, celery, asked, START_WITHIN_SECONDS, signal)) as StartedTask
}

/**
 * Waits until the task has ended, or until nobody is left who could end it. Runs are counted by the task's name: others
 * of that name, sent meanwhile, are counted too.
 * @throws ObservableError when the publisher cannot be asked
 */
export async function followTask(
  environment: Environment,
  celery: CeleryConfig,
  started: StartedTask,
  withinSeconds: number,
  signal: AbortSignal,
): Promise<TaskFate> {
  const asked = { question: 'follow', started, withinSeconds }
  return (await ask(environment, celery, asked, withinSeconds, signal)) as TaskFate
}

async function ask(
  environment: Environment,
  celery: CeleryConfig,
  asked: { [name: string]: Json },
  withinSeconds: number,
  signal: AbortSignal,
): Promise<Json> {
  const publisher = find(environment, celery.publisher)
  const answer = await askCelery(publisher, celery, 'task_run', asked, signal, withinSeconds + AROUND_SECONDS)
  if (isError(answer)) throw new ObservableError(answer.$error)
  return answer
}
