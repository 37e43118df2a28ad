/** Scripts about a Celery application, put together from their parts and run inside one of its services. */
import type { CeleryConfig } from '../config/schema.ts'
import type { Json, Service } from '../model.ts'
import { askInterpreter } from './interpreter.ts'

/** To import an application, and to wait for workers that do not answer. */
const TIMEOUT_SECONDS = 150

/** What each script builds on, beside the application. */
const PARTS = {
  celery: ['celery_schedule'],
  tasks: ['celery_events', 'celery_broker'],
  task_run: ['celery_events', 'celery_broker'],
  results: [],
  beat: ['celery_schedule', 'celery_events'],
}

/**
 * The JSON that a script tells.
 * @param request what the script asks for, see its first lines
 * @param patienceSeconds for what it waits for, beyond its start
 * @throws ObservableError when it cannot run there, or does not end
 */
export async function askCelery(
  service: Service,
  { app, python }: CeleryConfig,
  script: keyof typeof PARTS,
  request: { [name: string]: Json },
  signal: AbortSignal,
  patienceSeconds = 0,
): Promise<Json> {
  const imported = { python, scripts: ['processes.py', 'celery_app.py'], argument: app }
  const scripts = [...PARTS[script], script].map((name) => `${name}.py`)
  return askInterpreter(
    service,
    imported,
    { scripts, request, timeoutSeconds: TIMEOUT_SECONDS + patienceSeconds },
    signal,
  )
}
