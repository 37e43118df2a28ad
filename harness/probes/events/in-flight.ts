/** The project's long task, under way while something happens to its worker. */
import { isError } from '../../compare/json.ts'
import { observed } from '../error.ts'
import { followTask, type StartedTask, startTask } from '../task-run.ts'
import type { Happened, Scene } from './around.ts'

/** As `act` alone where the project names no `celery.longTask`. */
export async function withTaskInFlight(scene: Scene, act: () => Promise<Happened>): Promise<Happened> {
  const { config, environment, signal } = scene
  const { celery } = config
  if (!celery?.longTask) return act()
  const { longTask } = celery
  const started = await observed(() => startTask(environment, celery, longTask, signal))
  const happened = await act()
  const taskInFlight = await observed(async () => {
    if (isError(started)) return started
    const task = started as StartedTask
    const { fate, runs, state } = await followTask(environment, celery, task, longTask.withinSeconds, signal)
    return { fate, runs, state }
  })
  return { ...happened, seen: { ...happened.seen, taskInFlight } }
}
