/**
 * Asks every environment every question, the reference twice and a candidate a second time where it differs: what
 * varies by itself shows in that. What happens to a deployment happens once.
 */
import { isError } from './compare/json.ts'
import type { Json, Observation, Probe, RunningEnvironment } from './model.ts'
import type { Redactor } from './secrets.ts'

export interface ObserveOptions {
  /** Name of the environment that is asked twice; without one each is asked once. */
  reference?: string
  redactor: Redactor
  signal: AbortSignal
  onObservation?: (observation: Observation) => void
  /** Names of the probes that a candidate is asked a second time; `reference` holds both observations of each. */
  askAgain?: (candidate: RunningEnvironment, reference: Observation[], seen: Observation[]) => string[]
}

/**
 * The questions that leave the deployment as it is, to all environments side by side. Both observations of each are
 * kept: the judge decides from the record.
 */
export async function observe(
  environments: RunningEnvironment[],
  probes: Probe[],
  options: ObserveOptions,
): Promise<Observation[]> {
  const quiet = probes.filter(isQuiet)
  const isReference = ({ name }: RunningEnvironment) => name === options.reference
  const askedTwice = async (environment: RunningEnvironment) => [
    ...(await askAll(environment, quiet, options)),
    ...(await askAll(environment, quiet, options)),
  ]
  const reference = Promise.all(environments.filter(isReference).map(askedTwice)).then((seen) => seen.flat())

  const askedWhereItDiffers = async (environment: RunningEnvironment) => {
    const once = await askAll(environment, quiet, options)
    const doubtful = options.askAgain?.(environment, await reference, once) ?? []
    const again = quiet.filter(({ name }) => doubtful.includes(name))
    return [...once, ...(await askAll(environment, again, options))]
  }
  const candidates = environments.filter((environment) => !isReference(environment)).map(askedWhereItDiffers)
  return (await Promise.all([reference, ...candidates])).flat()
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

function isQuiet({ effect }: Probe): boolean {
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
  const turns = (['reads', 'writes'] as const).map((effect) =>
    askInTurn(
      environment,
      probes.filter((probe) => probe.effect === effect),
      options,
    ),
  )
  return (await Promise.all(turns)).flat()
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
