/** Beat at work: how many schedulers are alive, whether entries are overdue, and how often each is sent when it is due. */
import { isError } from '../compare/json.ts'
import type { CeleryConfig, ParityFile } from '../config/schema.ts'
import type { Environment, Json, ObservedError, Probe, Role } from '../model.ts'
import { askCelery } from './celery-script.ts'
import { observed } from './error.ts'
import { askRoles, find, inService, rolesOf, scriptOf } from './inside.ts'
import { countHosts } from './nodes.ts'
import { countSchedulers, type Schedulers } from './schedulers.ts'
import { type Entries, type Ticks, ticksPerDue, windowSeconds } from './ticks.ts'

/** What inside/beat.py says of beat, and the nodes of the live workers. */
interface Clock {
  entries: Entries
  nodes: string[]
}

export function beatProbe({ celery }: ParityFile): Probe | null {
  if (!celery) return null
  return {
    name: 'beat',
    question:
      'How many schedulers are alive, is an entry of theirs overdue, and how often is each sent when it is due?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const service = find(environment, celery.beat ?? celery.worker)
      const [schedulers, clock] = await Promise.all([
        schedulersOfRoles(environment, celeryRoles(celery), signal),
        observed(() => askCelery(service, celery, 'beat', { question: 'clock' }, signal)),
      ])
      const known = isError(clock) ? null : (clock as unknown as Clock)
      return {
        schedulers: alive(schedulers, known?.nodes ?? [], celery, environment),
        entries: known ? await withTicks(known.entries, environment, celery, signal) : clock,
      }
    },
  }
}

type Found = Record<Role, Schedulers | ObservedError>

function celeryRoles({ publisher, worker, beat }: CeleryConfig): Role[] {
  return [publisher, worker, ...(beat ? [beat] : [])]
}

/** Seen in the processes of those roles, and of every other service of the project's own. */
async function schedulersOfRoles(environment: Environment, expected: Role[], signal: AbortSignal): Promise<Found> {
  const roles = [...expected, ...rolesOf(environment, 'own')]
  const script = await scriptOf('processes.sh')
  return (await askRoles(environment, roles, async (service) => {
    const { stdout } = await inService(service, ['sh', '-s'], signal, { input: script })
    return { ...countSchedulers(stdout) }
  })) as unknown as Found
}

/**
 * Of a role with replicas, one could be looked into; the others run the same command, so one that is within a worker
 * counts as often as there are such workers. A role that has none is told only where Celery is known to run.
 */
export function alive(found: Found, nodes: string[], celery: CeleryConfig, environment: Environment): Json {
  const expected = celeryRoles(celery)
  return Object.fromEntries(
    Object.entries(found).flatMap(([role, schedulers]): [Role, Json][] => {
      const count =
        'alone' in schedulers
          ? schedulers.alone + schedulers.embedded * Math.max(1, countHosts(nodes, role, environment))
          : schedulers
      return expected.includes(role) || (typeof count === 'number' && count > 0) ? [[role, count]] : []
    }),
  )
}

/** The worker listens: ticks reach it through the broker that it reads. */
async function withTicks(entries: Entries, environment: Environment, celery: CeleryConfig, signal: AbortSignal) {
  const seconds = windowSeconds(entries, celery.beatWindowSeconds)
  const listen = () =>
    askCelery(find(environment, celery.worker), celery, 'beat', { question: 'ticks', seconds }, signal, seconds)
  const ticks = seconds > 0 ? await observed(listen) : {}
  return Object.fromEntries(
    Object.entries(entries).map(([name, { sends, ...entry }]) => {
      const heard = isError(ticks) ? ticks : ((ticks as Ticks)[sends] ?? [])
      return [name, { ...entry, ticksPerDue: isError(heard) ? heard : ticksPerDue(heard, entry.everySeconds, seconds) }]
    }),
  )
}
