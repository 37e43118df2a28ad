/** Background work: what each role believes of it, what the live workers say, and whether a task comes back. */
import type { CeleryConfig, ParityFile } from '../config/schema.ts'
import type { Environment, Json, ObservedError, Probe, Role } from '../model.ts'
import { askCelery } from './celery-script.ts'
import { askRoles } from './inside.ts'

/** QUESTIONS of inside/celery.py. */
type Question = 'configuration' | 'schedule' | 'workers' | 'roundTrip'
type Answers = Record<Role, Partial<Record<Question, Json>> | ObservedError>

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
  const { roundTrip = null } = celery
  return (await askRoles(environment, roles, (service) => {
    const asked = { roundTrip, questions: questionsFor(service.role, celery) }
    return askCelery(service, celery, 'celery', asked, signal, roundTrip?.withinSeconds)
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
