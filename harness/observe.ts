/**
 * Asks every environment every question, the reference twice and a candidate a second time where it differs: what
 * varies by itself shows in that. What happens to a deployment happens once.
 */
import { isError } from './compare/json.ts'
import type { Environment, Json, Observation, Probe, RunningEnvironment } from './model.ts'
import { inOneRound } from './probes/round.ts'
import type { Redactor } from './secrets.ts'

export interface ObserveOptions {
  /** Name of the environment that is asked twice; without one each is asked once. */
  reference?: string
  redactor: Redactor
  signal: AbortSignal
  onObservation?: (observation: Observation) => void
  /**
   * Names of the probes that a candidate is asked a second time. Decided by what the reference answers first,
   * and where that leaves some, by all its answers.
   */
  askAgain?: (candidate: Seen, reference: () => Promise<Seen>) => Promise<string[]>
}

export interface Seen {
  environment: Environment
  observations: Observation[]
}

/** As `observer`, of environments that are all up. */
export async function observe(
  environments: RunningEnvironment[],
  probes: Probe[],
  options: ObserveOptions,
): Promise<Observation[]> {
  const observeOne = observer(probes, options)
  return (await Promise.all(environments.map((environment) => observeOne(environment, options.signal)))).flat()
}

/**
 * The questions that leave the deployment as it is, to one environment after the other or side by side, as they come. Both
 * observations of each are kept: the judge decides from the record.
 */
export function observer(
  probes: Probe[],
  options: ObserveOptions,
): (environment: RunningEnvironment, signal: AbortSignal) => Promise<Observation[]> {
  const quiet = probes.filter(isQuiet)
  const [first, both] = [Promise.withResolvers<Seen>(), Promise.withResolvers<Seen>()]
  return async (environment, signal) => {
    const ask = (asked: Probe[]) => askAll(environment, asked, { ...options, signal })
    const once = await ask(quiet)
    if (environment.name === options.reference) {
      first.resolve({ environment, observations: once })
      const observations = [...once, ...(await ask(quiet))]
      both.resolve({ environment, observations })
      return observations
    }
    const candidate = { environment, observations: once }
    let doubtful: string[] = []
    for (const { promise } of [first, both]) {
      doubtful = (await options.askAgain?.(candidate, () => unlessAborted(signal, promise))) ?? []
      // The judge has all answers in the end: this only decides who is asked again.
      if (doubtful.length === 0) break
    }
    return [...once, ...(await ask(quiet.filter(({ name }) => doubtful.includes(name))))]
  }
}

/** What may never come: whoever was to bring it may have failed. */
function unlessAborted<T>(signal: AbortSignal, awaited: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    awaited.then(resolve, reject)
  })
}

/** The events, once in each environment, one after the other there. They come last: nothing is as it was afterwards. */
export async function observeEvents(
  environments: RunningEnvironment[],
  probes: Probe[],
  options: Omit<ObserveOptions, 'reference'>,
): Promise<Observation[]> {
  const events = probes.filter((probe) => !isQuiet(probe))
  return (await Promise.all(environments.map((environment) => askInTurn(environment, events, options)))).flat()
}

/** False of events. */
export function isQuiet({ effect }: Probe): boolean {
  return effect !== 'disturbs'
}

/**
 * Probes that leave traces go one after the other. Beside them go the others, one after the other too: each of them
 * starts programs in every role at once, and a machine that is short of time answers late, not as it would.
 */
async function askAll(
  environment: RunningEnvironment,
  probes: Probe[],
  options: Omit<ObserveOptions, 'reference'>,
): Promise<Observation[]> {
  return inOneRound(options.signal, async (signal) => {
    const turns = (['reads', 'writes'] as const).map((effect) =>
      askInTurn(
        environment,
        probes.filter((probe) => probe.effect === effect),
        { ...options, signal },
      ),
    )
    return (await Promise.all(turns)).flat()
  })
}

async function askInTurn(
  environment: RunningEnvironment,
  probes: Probe[],
  options: Omit<ObserveOptions, 'reference'>,
): Promise<Observation[]> {
  const observations: Observation[] = []
  for (const probe of probes) observations.push(await ask(probe, environment, options))
  return observations
}

/** One question to one environment. An error is an observation too. */
export async function ask(
  probe: Probe,
  environment: RunningEnvironment,
  { redactor, signal, onObservation }: Pick<ObserveOptions, 'redactor' | 'signal' | 'onObservation'>,
): Promise<Observation> {
  const startedAt = new Date().toISOString()
  const start = performance.now()
  const finish = (answer: { value: Json; failure?: string }): Observation => {
    const seconds = Math.round(performance.now() - start) / 1000
    const about = { probe: probe.name, environment: environment.name, startedAt, seconds }
    const observation = { ...about, ...redactor.json(answer) }
    onObservation?.(observation)
    return observation
  }
  try {
    const value = await probe.observe(environment, signal)
    return finish(isError(value) ? { value: null, failure: value.$error } : { value })
  } catch (error) {
    signal.throwIfAborted()
    return finish({ value: null, failure: (error as Error).message })
  }
}
