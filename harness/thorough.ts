/** A start of the reference of its own, before the others: what two starts of the same do not have in common is noise. */
import type { CheckOptions } from './check.ts'
import type { Config } from './config/load.ts'
import type { Probe, Recording } from './model.ts'
import { observe } from './observe.ts'
import { redactor as makeRedactor } from './secrets.ts'
import { plain, startEnvironments } from './start.ts'

/** Started, asked each question once, and taken down again. @throws StartError when it could not be started */
export async function observeAnotherStart(
  config: Config,
  probes: Probe[],
  options: CheckOptions,
): Promise<Pick<Recording, 'environments' | 'observations' | 'casualties'>> {
  const { settings } = config
  const signal = options.signal ?? new AbortController().signal
  const redactor = makeRedactor(settings.project, settings.secrets)
  const progress = options.onProgress ?? (() => {})
  await using started = await startEnvironments(config, [settings.reference], { redactor, signal, progress })
  const observations = await observe(started.environments, probes, {
    redactor,
    signal,
    onObservation: options.onObservation,
  })
  return redactor.json({
    environments: started.environments.map((environment) => ({ ...plain(environment), handle: null })),
    observations,
    casualties: await started.casualties(),
  })
}
