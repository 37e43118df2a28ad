/** Background work: what each role believes of it, what the live workers say, and whether a task comes back. */
import { readFile } from 'node:fs/promises'
import type { CeleryConfig, ParityFile } from '../config/schema.ts'
import type { Json, Probe } from '../model.ts'
import { observed } from './error.ts'
import { askRoles, find, inService } from './inside.ts'

const script = (name: string) => readFile(new URL(`inside/${name}`, import.meta.url), 'utf8')

export function celeryProbe({ celery }: ParityFile): Probe | null {
  if (!celery) return null
  return {
    name: 'celery',
    question:
      'Which tasks, queues, serializers and schedules does each role know, what do the live workers say, and does a task come back?',
    mutates: false,
    observe: async (environment, signal) => {
      const [configuration, live] = await Promise.all([script('celery_configuration.py'), script('celery_live.py')])
      const trip = celery.roundTrip ?? null
      const [roles, asked] = await Promise.all([
        askRoles(environment, rolesOf(celery), async (service) => {
          const command = [...celery.python, '-', celery.app]
          return lastJson((await inService(service, command, signal, { input: configuration })).stdout)
        }),
        observed(async () => {
          const command = [...celery.python, '-', celery.app, JSON.stringify(trip)]
          const publisher = find(environment, celery.publisher)
          return lastJson((await inService(publisher, command, signal, { input: live })).stdout)
        }),
      ])
      return { roles, live: asked }
    },
  }
}

function rolesOf({ publisher, worker, beat }: CeleryConfig): string[] {
  return [publisher, worker, ...(beat ? [beat] : [])]
}

/** What an application prints while it is imported stands before the answer. */
function lastJson(output: string): Json {
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}
