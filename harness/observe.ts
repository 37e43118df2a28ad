/** Asks every environment every question; the reference is asked twice, but for what happens to a deployment. */
import { isError } from './compare/json.ts'
import type { Json, Observation, Probe, RunningEnvironment } from './model.ts'
import type { Redactor } from './secrets.ts'

export interface ObserveOptions {
  /** Name of the environment that is asked twice. */
  reference: string
  redactor: Redactor
  signal: AbortSignal
  onObservation?: (observation: Observation) => void
}

/** The questions that leave the deployment as it is, to all environments side by side. */
export async function observe(
  environments: RunningEnvironment[],
  probes: Probe[],
  options: ObserveOptions,
): Promise<Observation[]> {
  const observed = await Promise.all(
    environments.map(async (environment) => {
      const once = await askAll(environment, probes.filter(isQuiet), options)
      const again =
        environment.name === options.reference ? await askAll(environment, probes.filter(isQuiet), options) : []
      return [...once, ...again]
    }),
  )
  return observed.flat()
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

/** Probes that leave traces go one after the other, the others beside them. */
async function askAll(
  environment: RunningEnvironment,
  probes: Probe[],
  options: Omit<ObserveOptions, 'reference'>,
): Promise<Observation[]> {
  const sideBySide = probes.filter(({ effect }) => effect === 'reads').map((probe) => ask(probe, environment, options))
  const writing = probes.filter(({ effect }) => effect === 'writes')
  return (await Promise.all([...sideBySide, askInTurn(environment, writing, options)])).flat()
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
