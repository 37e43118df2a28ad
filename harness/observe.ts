/** Asks every environment every question; the reference is asked twice. */
import { isError } from './compare/json.ts'
import type { Environment, Json, Observation, Probe } from './model.ts'
import type { Redactor } from './secrets.ts'

export interface ObserveOptions {
  /** Name of the environment that is asked twice. */
  reference: string
  redactor: Redactor
  signal: AbortSignal
  onObservation?: (observation: Observation) => void
}

/** The environments are asked side by side. */
export async function observe(
  environments: Environment[],
  probes: Probe[],
  options: ObserveOptions,
): Promise<Observation[]> {
  const observed = await Promise.all(
    environments.map(async (environment) => {
      const once = await askAll(environment, probes, options)
      const again = environment.name === options.reference ? await askAll(environment, probes, options) : []
      return [...once, ...again]
    }),
  )
  return observed.flat()
}

/** Probes that leave traces go one after the other, the others beside them. */
async function askAll(environment: Environment, probes: Probe[], options: ObserveOptions): Promise<Observation[]> {
  const inTurn = async () => {
    const observations: Observation[] = []
    for (const probe of probes.filter(({ mutates }) => mutates))
      observations.push(await ask(probe, environment, options))
    return observations
  }
  const sideBySide = probes.filter(({ mutates }) => !mutates).map((probe) => ask(probe, environment, options))
  return (await Promise.all([...sideBySide, inTurn()])).flat()
}

/** One question to one environment. An error is an observation too. */
export async function ask(
  probe: Probe,
  environment: Environment,
  { redactor, signal, onObservation }: Pick<ObserveOptions, 'redactor' | 'signal' | 'onObservation'>,
): Promise<Observation> {
  const start = performance.now()
  const finish = (answer: { value: Json; failure?: string }): Observation => {
    const seconds = Math.round(performance.now() - start) / 1000
    const observation = { probe: probe.name, environment: environment.name, seconds, ...redactor.json(answer) }
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
