/** Beat at work: how many schedulers are alive, whether entries are overdue, and how often each is sent when it is due. */
import { readFile } from 'node:fs/promises'
import { isError } from '../compare/json.ts'
import type { CeleryConfig, ParityFile } from '../config/schema.ts'
import type { Environment, Json, Probe, Role } from '../model.ts'
import { askCelery } from './celery-script.ts'
import { observed } from './error.ts'
import { askRoles, find, inService } from './inside.ts'
import { countSchedulers } from './schedulers.ts'
import { type Clock, type Ticks, ticksPerDue, windowSeconds } from './ticks.ts'

const PROCESSES = new URL('inside/processes.sh', import.meta.url)

export function beatProbe({ celery }: ParityFile): Probe | null {
  if (!celery?.beat) return null
  const { beat } = celery
  return {
    name: 'beat',
    question:
      'How many schedulers are alive, is an entry of theirs overdue, and how often is each sent when it is due?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const [schedulers, clock] = await Promise.all([
        schedulersByRole(environment, celery, signal),
        observed(() => askCelery(find(environment, beat), celery, 'beat', { question: 'clock' }, signal)),
      ])
      if (isError(clock)) return { schedulers, entries: clock }
      return { schedulers, entries: await withTicks(clock as Clock, environment, celery, signal) }
    },
  }
}

/** In every service of the project's own; one that cannot be asked counts only where Celery is known to run. */
async function schedulersByRole(environment: Environment, celery: CeleryConfig, signal: AbortSignal): Promise<Json> {
  const own = Object.values(environment.services).filter(({ ownImage }) => ownImage)
  const expected = [celery.publisher, celery.worker, ...(celery.beat ? [celery.beat] : [])]
  const script = await readFile(PROCESSES, 'utf8')
  const counts = await askRoles(environment, [...expected, ...own.map(({ role }) => role)], async (service) => {
    const { stdout } = await inService(service, ['sh', '-s'], signal, { input: script })
    return countSchedulers(stdout)
  })
  const tells = ([role, count]: [Role, Json]) => expected.includes(role) || (typeof count === 'number' && count > 0)
  return Object.fromEntries(Object.entries(counts).filter(tells))
}

/** The worker listens: ticks reach it through the broker that it reads. */
async function withTicks(clock: Clock, environment: Environment, celery: CeleryConfig, signal: AbortSignal) {
  const seconds = windowSeconds(clock, celery.beatWindowSeconds)
  const listen = () =>
    askCelery(find(environment, celery.worker), celery, 'beat', { question: 'ticks', seconds }, signal, seconds)
  const ticks = seconds > 0 ? await observed(listen) : {}
  return Object.fromEntries(
    Object.entries(clock).map(([name, { enabled, everySeconds, overdue, sends }]) => {
      const entry = { enabled, everySeconds, overdue }
      if (isError(ticks)) return [name, { ...entry, ticksPerDue: ticks }]
      return [name, { ...entry, ticksPerDue: ticksPerDue((ticks as Ticks)[sends] ?? [], everySeconds, seconds) }]
    }),
  )
}
