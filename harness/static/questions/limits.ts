import { runningIn } from '../argv.ts'
import type { Declared } from '../contract.ts'
import { byRole, type Project, type Question, variablesIn } from './question.ts'

export const limits: Question = {
  name: 'static/limits',
  question: 'Does it fit into what it is given, and has it the time to end?',
  ask: (contract, project) =>
    byRole(contract, project.ownRoles, (declared) => ({
      graceSeconds: declared.graceSeconds ?? 'as the platform has it',
      oneProcessForEachCore: oneProcessForEachCore(declared, project),
    })),
}

/**
 * Celery counts the cores of the machine, not those of the limit.
 * https://docs.celeryq.dev/en/stable/userguide/configuration.html#worker-concurrency
 */
function oneProcessForEachCore(declared: Declared, { textIn }: Project): boolean {
  const words = (runningIn(declared).argv ?? []).join(' ')
  const limited = declared.limits.cpu !== undefined || declared.limits.memory !== undefined
  if (!limited || !/\bcelery\b.*\bworker\b/.test(words)) return false
  const chosen = /(^|\s)(-c\b|--concurrency|--autoscale|(-P|--pool)[ =](solo|threads|gevent|eventlet))/.test(words)
  const configured = /worker_concurrency|CELERYD_CONCURRENCY/i.test(
    [textIn(declared.image.build?.context ?? ''), ...Object.keys(variablesIn(declared))].join('\n'),
  )
  return !chosen && !configured
}
