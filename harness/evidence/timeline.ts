/** The life of an environment on one clock: what was asked of it, what happened to it, what its services logged. Pure. */
import type { LogLine } from '../log-lines.ts'
import type { Moment, Observation, Probe } from '../model.ts'
import { isTrouble } from './parting.ts'
import type { Witness } from './witness.ts'

/** Of one service: what warns or fails, then the beginning and the end of the rest. */
const TROUBLES_AT_MOST = 120
const FIRST_LINES = 40
const LAST_LINES = 80
const HEALTH_AT_MOST = 100
const TEXT_CHARACTERS_AT_MOST = 300

/** By environment, in order of time. */
export function timelinesOf(
  witnesses: Witness[],
  observations: Observation[],
  probes: Pick<Probe, 'name' | 'effect'>[],
): Record<string, Moment[]> {
  const disturbing = new Set(probes.filter(({ effect }) => effect === 'disturbs').map(({ name }) => name))
  return Object.fromEntries(
    witnesses.map(({ environment, startedAt, lines, described }) => {
      const since = Date.parse(startedAt)
      const roles = new Set(lines.map(({ role }) => role))
      const moments = [
        ...observations.filter((seen) => seen.environment === environment).flatMap(asked(disturbing)),
        ...health(described['events.log'] ?? '', roles),
        ...[...Map.groupBy(lines, ({ role }) => role).values()].flatMap(telling).map(logged),
      ]
      const timeline = moments.map(({ time, ...moment }): Moment => {
        const atSeconds = Math.round(Date.parse(time) - since) / 1000
        return { atSeconds, ...moment, text: moment.text.slice(0, TEXT_CHARACTERS_AT_MOST) }
      })
      return [environment, timeline.sort((a, b) => a.atSeconds - b.atSeconds)]
    }),
  )
}

type Dated = Omit<Moment, 'atSeconds'> & { time: string }

function asked(disturbing: Set<string>): (observation: Observation) => Dated[] {
  return ({ probe, startedAt, basis, failure }) => {
    if (!startedAt || basis) return []
    const text = failure === undefined ? probe : `${probe}, which could not be asked`
    return [{ time: startedAt, kind: disturbing.has(probe) ? 'event' : 'request', role: null, text }]
  }
}

/** Lines of `events.log`: `TIME ROLE: WHAT`. */
function health(events: string, roles: Set<string>): Dated[] {
  const dated = events.split('\n').flatMap((line): Dated[] => {
    const [, time, name, what] = /^(\S+) ([^:]+): (.*)$/.exec(line) ?? []
    if (!time || !name || what === undefined || Number.isNaN(Date.parse(time))) return []
    return [
      {
        time,
        kind: 'health',
        ...(roles.has(name) ? { role: name, text: what } : { role: null, text: `${name}: ${what}` }),
      },
    ]
  })
  return dated.slice(-HEALTH_AT_MOST)
}

/** A service that logs a lot must not drown the others. */
function telling(lines: LogLine[]): LogLine[] {
  const troubles = lines.filter(({ text }) => isTrouble(text)).slice(0, TROUBLES_AT_MOST)
  const kept = new Set([...troubles, ...lines.slice(0, FIRST_LINES), ...lines.slice(-LAST_LINES)])
  return lines.filter((line) => kept.has(line) && line.text.trim() !== '')
}

function logged({ role, time, text }: LogLine): Dated {
  return { time, kind: 'log', role, text }
}
