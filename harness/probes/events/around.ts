/** What all events have in common: data is planted before, the event happens, then the application is asked again. */

import { isError } from '../../compare/json.ts'
import type { Events, JourneyStep, ParityFile } from '../../config/schema.ts'
import { CommandError } from '../../exec.ts'
import type { Json, Probe, Role, RunningEnvironment, Service } from '../../model.ts'
import { DeadlineError, waitFor } from '../../poll.ts'
import { ObservableError, observed, putUnique } from '../error.ts'
import { withoutIds } from '../inside.ts'
import { Journey } from '../journey.ts'
import { messageOf } from '../message.ts'
import { isRefusal, send } from '../request.ts'

/** What an event is given to work with. */
export interface Scene {
  config: ParityFile & { events: Events }
  environment: RunningEnvironment
  signal: AbortSignal
}

type Members = { [name: string]: Json }

/** What came of an event. */
export interface Happened {
  seen: Members
  /** Who is asked for the planted data; default: the environment as it is. */
  askOf?: RunningEnvironment
  /** Brings the environment back to what it was, after that. */
  undo?: () => Promise<void>
}

/**
 * A probe of one event.
 * @param number tells the events of a run apart, for data that must not come twice: `${eventNumber}`
 * @param happen lets it happen and says what was seen of it
 */
export function eventProbe(
  settings: ParityFile,
  name: string,
  number: number,
  question: string,
  happen: (scene: Scene) => Promise<Happened>,
): Probe | null {
  const { events } = settings
  if (!events) return null
  const config = { ...settings, events }
  return {
    name: `event/${name}`,
    question,
    effect: 'disturbs',
    observe: async (environment, signal) => {
      const journey = new Journey(config, signal, { event: name, eventNumber: number })
      const planted = await take(journey, events.plant, environment)
      const { seen, askOf = environment, undo } = await happen({ config, environment, signal })
      const works = await worksAgain(config, environment, signal)
      const kept = await take(journey, events.check, askOf)
      await undo?.()
      return { planted, ...seen, works, kept }
    },
  }
}

async function take(journey: Journey, steps: JourneyStep[], environment: RunningEnvironment): Promise<Json> {
  const seen: Members = {}
  for (const step of steps) putUnique(seen, step.name, await journey.take(step, environment))
  return seen
}

/** True as soon as the application answers `events.ready` well; else what it said at the deadline. */
export function worksAgain(
  config: Scene['config'],
  environment: RunningEnvironment,
  signal: AbortSignal,
): Promise<Json> {
  const { withinSeconds } = config.events
  return settles(config, environment, signal, {
    until: (status) => status !== 'refused' && status < 400,
    withinSeconds,
  })
}

/**
 * Waits until the status of `events.ready` is as wanted; `refused` stands for that of a connection that nobody takes.
 * @returns true, or what was seen last
 */
export async function settles(
  config: Scene['config'],
  environment: RunningEnvironment,
  signal: AbortSignal,
  { until, withinSeconds }: { until: (status: number | 'refused') => boolean; withinSeconds: number },
): Promise<Json> {
  let last: Json = null
  const ask = async () => ({ status: await askReady({ config, environment, signal }) })
  return waitFor({
    what: `${config.events.ready.path} to answer well`,
    withinSeconds,
    everySeconds: 0.3,
    signal,
    check: async () => {
      last = await observed(ask)
      if (isAnswer(last)) return until(last.status) || undefined
      return (isError(last) && isRefusal(last.$error) && until('refused')) || undefined
    },
  }).catch((error) => {
    if (!(error instanceof DeadlineError)) throw error
    return { [`after ${withinSeconds} s`]: last }
  })
}

/** The status of `events.ready`. @throws ObservableError when there is no answer */
export async function askReady({ config, environment, signal }: Scene): Promise<number> {
  const { events, http } = config
  const message = messageOf(events.ready, http?.headers ?? {}, { environment })
  return (await send(message, { signal })).status
}

function isAnswer(value: Json): value is { status: number } {
  return typeof value === 'object' && value !== null && 'status' in value
}

/** Something done to each of some roles at once, and what came of it. */
export async function each(
  { environment, signal }: Scene,
  roles: Role[],
  act: (role: Role) => Promise<Json>,
): Promise<Members> {
  const entries = roles.map(async (role) => [role, await done(environment, signal, () => act(role))] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** What came of something done to an environment: that it could not be done is an observation. */
export function done(environment: RunningEnvironment, signal: AbortSignal, act: () => Promise<Json>): Promise<Json> {
  return observed(async () => {
    try {
      return await act()
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ObservableError) throw error
      throw new ObservableError(inWords(error as Error, environment))
    }
  })
}

/** Without what is another one in each environment: its own name, ids, and how long it was waited. */
function inWords(error: Error, { id }: RunningEnvironment): string {
  const text = error instanceof CommandError ? error.found : error.message
  return withoutIds(text.replaceAll(id, '<environment>')).replace(/\b\d+(\.\d+)? s\b/g, '<seconds> s')
}

/** The same environment with another service in the place of a role's. */
export function withService(environment: RunningEnvironment, service: Service): RunningEnvironment {
  return { ...environment, services: { ...environment.services, [service.role]: service } }
}
