/** Background work: what each role believes of it, what the live workers say, and whether a task comes back. */
import { readFile } from 'node:fs/promises'
import type { CeleryConfig, ParityFile } from '../config/schema.ts'
import type { Environment, Json, ObservedError, Probe, Role } from '../model.ts'
import { askRoles, jsonFromService } from './inside.ts'

/** QUESTIONS of inside/celery.py. */
type Question = 'configuration' | 'schedule' | 'workers' | 'roundTrip'
type Answers = Record<Role, Partial<Record<Question, Json>> | ObservedError>

/** To import an application, and to wait for workers that do not answer. */
const TIMEOUT_SECONDS = 60
const SCRIPT = new URL('inside/celery.py', import.meta.url)

export function celeryProbe({ celery }: ParityFile): Probe | null {
  if (!celery) return null
  return {
    name: 'celery',
    question:
      'Which tasks, queues, serializers and schedules does each role know, what do the live workers say, and does a task come back?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const roles = [...new Set([celery.publisher, celery.worker, ...(celery.beat ? [celery.beat] : [])])]
      return arrange(celery, roles, await ask(celery, roles, environment, signal))
    },
  }
}

/** One command for each role, as the import of an application takes longest. */
async function ask(celery: CeleryConfig, roles: Role[], environment: Environment, signal: AbortSignal) {
  const script = await readFile(SCRIPT, 'utf8')
  const { app, roundTrip } = celery
  const timeoutSeconds = TIMEOUT_SECONDS + (roundTrip?.withinSeconds ?? 0)
  return (await askRoles(environment, roles, async (service) => {
    const request = JSON.stringify({ app, roundTrip, questions: questionsFor(service.role, celery) })
    const command = [...celery.python, '-', request]
    return jsonFromService(service, command, signal, { input: script, timeoutSeconds })
  })) as Answers
}

export function questionsFor(role: Role, { publisher, beat, roundTrip }: CeleryConfig): Question[] {
  const live: Question[] = ['workers', ...(roundTrip ? ['roundTrip' as const] : [])]
  return ['configuration', ...(role === beat ? ['schedule' as const] : []), ...(role === publisher ? live : [])]
}

/** Sorted by question; a role that failed leaves its error wherever it was asked. */
export function arrange(celery: CeleryConfig, roles: Role[], answers: Answers): Json {
  const of = (role: Role, question: Question): Json => {
    const answer = answers[role] ?? { $error: `${role} was not asked` }
    return '$error' in answer ? (answer as ObservedError) : (answer[question] ?? null)
  }
  return {
    roles: Object.fromEntries(roles.sort().map((role) => [role, of(role, 'configuration')])),
    ...(celery.beat && { schedule: of(celery.beat, 'schedule') }),
    workers: of(celery.publisher, 'workers'),
    ...(celery.roundTrip && { roundTrip: of(celery.publisher, 'roundTrip') }),
  }
}
