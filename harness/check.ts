/** The main job: start the environments, ask, judge, report, and take everything down again. */

import { judge } from './compare/judge.ts'
import type { Config } from './config/load.ts'
import type { Observation, Probe, Recording, Report } from './model.ts'
import { observe } from './observe.ts'
import { notApplicable, probesFor } from './probes/index.ts'
import { reportOf } from './report/report.ts'
import { redactor as makeRedactor } from './secrets.ts'
import { plain, startEnvironments } from './start.ts'

export interface CheckOptions {
  /** Environments beside the reference; default: all. */
  environments?: string[]
  /** Names of probes to ask (`http`, `journey/…`, or `journey` for all of them); default: all. */
  only?: string[]
  skip?: string[]
  /** Makes a new kind cluster instead of using the kept one. */
  fresh?: boolean
  signal?: AbortSignal
  onProgress?: (environment: string, message: string) => void
  onReady?: (environment: string, seconds: number) => void
  onObservation?: (observation: Observation) => void
}

/** @throws StartError when an environment could not be started; nothing is left behind, here as after a success. */
export async function check(config: Config, options: CheckOptions = {}): Promise<Report> {
  const { settings } = config
  const signal = options.signal ?? new AbortController().signal
  const redactor = makeRedactor(settings.project, settings.secrets)
  const names = [...new Set([settings.reference, ...(options.environments ?? Object.keys(settings.environments))])]
  const all = probesFor(settings)
  const probes = selectProbes(all, options)
  await using started = await startEnvironments(config, names, {
    redactor,
    signal,
    fresh: options.fresh,
    progress: options.onProgress ?? (() => {}),
  })
  for (const { name, readySeconds } of started.environments) options.onReady?.(name, readySeconds)
  const observations = await observe(started.environments, probes, {
    reference: settings.reference,
    redactor,
    signal,
    onObservation: options.onObservation,
  })
  const recording: Recording = redactor.json({
    project: settings.project,
    reference: settings.reference,
    date: new Date().toISOString().slice(0, 10),
    // How to find it again is nobody's business once it is gone.
    environments: started.environments.map((environment) => ({ ...plain(environment), handle: null })),
    observations,
    casualties: await started.casualties(),
    notAsked: [
      ...notApplicable(settings),
      ...all
        .filter((probe) => !probes.includes(probe))
        .map(({ name }) => ({ probe: name, reason: 'left out of this run' })),
    ],
  })
  return reportOf(recording, judge(recording, config.accepted))
}

export function selectProbes(probes: Probe[], { only, skip }: Pick<CheckOptions, 'only' | 'skip'>): Probe[] {
  const named = (names: string[]) => (probe: Probe) =>
    names.some((name) => probe.name === name || probe.name.startsWith(`${name}/`))
  return probes.filter((probe) => (!only || named(only)(probe)) && !(skip && named(skip)(probe)))
}
