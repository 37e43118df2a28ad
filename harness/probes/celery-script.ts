/** Scripts about a Celery application, put together from their parts and run inside one of its services. */
import type { CeleryConfig } from '../config/schema.ts'
import type { Json, Service } from '../model.ts'
import { jsonFromService, scriptOf } from './inside.ts'

/** To import an application, and to wait for workers that do not answer. */
const TIMEOUT_SECONDS = 150

/** What each script builds on: it is sent through standard input, so the parts are put before it. */
const PARTS = {
  celery: ['celery_app', 'celery_schedule'],
  tasks: ['celery_app', 'celery_events', 'celery_broker'],
  task_run: ['celery_app', 'celery_events', 'celery_broker'],
  results: ['celery_app'],
  beat: ['celery_app', 'celery_schedule', 'celery_events'],
}

/**
 * The JSON that a script prints.
 * @param ask what the script asks for, see its first lines
 * @param patienceSeconds for what it waits for, beyond its start
 * @throws ObservableError when it cannot run there, or does not end
 */
export async function askCelery(
  service: Service,
  { app, python }: CeleryConfig,
  script: keyof typeof PARTS,
  ask: { [name: string]: Json },
  signal: AbortSignal,
  patienceSeconds = 0,
): Promise<Json> {
  const input = await scriptOf(...['processes', ...PARTS[script], script].map((name) => `${name}.py`))
  const command = [...python, '-', JSON.stringify({ app, ...ask })]
  return jsonFromService(service, command, signal, { input, timeoutSeconds: TIMEOUT_SECONDS + patienceSeconds })
}
