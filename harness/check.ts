/** The main job: start the environments, ask, judge, report, and take everything down again. */

import { differingProbes, judge } from './compare/judge.ts'
import type { Config } from './config/load.ts'
import { evidenceOf } from './evidence/evidence.ts'
import { timelinesOf } from './evidence/timeline.ts'
import { type Witness, witness } from './evidence/witness.ts'
import type { Observation, Probe, Recording, Report, RunningEnvironment } from './model.ts'
import { isQuiet, type ObserveOptions, observeEvents, observer } from './observe.ts'
import { requestsOf } from './probes/asked.ts'
import { notApplicable, probesFor } from './probes/index.ts'
import { reportOf } from './report/report.ts'
import { redactor as makeRedactor } from './secrets.ts'
import { isNamedBy } from './selection.ts'
import { casualtiesOf, plain, startEnvironments } from './start.ts'
import { sourcesOf } from './static/sources/index.ts'
import { observeAnotherStart } from './thorough.ts'

export interface CheckOptions {
  /** Environments beside the reference; default: all. */
  environments?: string[]
  /** Names of probes to ask (`http`, `journey/…`, or `journey` for all of them); default: all. */
  only?: string[]
  skip?: string[]
  /** Ask the events too. */
  events?: boolean
  /** Starts the reference twice: what differs between its starts is noise too. */
  thorough?: boolean
  /** Makes a new kind cluster instead of using the kept one. */
  fresh?: boolean
  signal?: AbortSignal
  onProgress?: (environment: string, message: string) => void
  onReady?: (environment: string, seconds: number) => void
  onObservation?: (observation: Observation) => void
  /** Called with texts by file name. */
  onEvidence?: (files: Record<string, string>) => Promise<unknown>
}

/** @throws StartError when an environment could not be started; nothing is left behind, here as after a success. */
export async function check(config: Config, options: CheckOptions = {}): Promise<Report> {
  const { settings } = config
  const signal = options.signal ?? new AbortController().signal
  const redactor = makeRedactor(settings.project, settings.secrets)
  const names = [...new Set([settings.reference, ...(options.environments ?? Object.keys(settings.environments))])]
  const all = probesFor(settings)
  const probes = selectProbes(all, options)
  const another = options.thorough ? await observeAnotherStart(config, probes, options) : undefined
  const sources = sourcesOf(config, names, signal)
  const asking = {
    reference: settings.reference,
    redactor,
    signal,
    onObservation: options.onObservation,
    askAgain: askWhereItDiffers(config),
  }
  const observeOne = observer(probes, asking)
  const observations: Observation[] = []
  const casualties: Recording['casualties'] = []
  const witnesses = new Map<string, Witness>()
  const disturbs = !probes.every(isQuiet)
  const leave = async (environment: RunningEnvironment) => {
    witnesses.set(environment.name, await witness(environment, redactor))
    await environment.down()
  }
  await using started = await startEnvironments(config, names, {
    redactor,
    signal,
    fresh: options.fresh,
    progress: options.onProgress ?? (() => {}),
    // Its start has pauses that others can use, and theirs has them too.
    whenUp: async (environment, signal) => {
      options.onReady?.(environment.name, environment.readySeconds)
      observations.push(...(await observeOne(environment, signal)))
      // Before the events: what these do to a service is what they observe.
      casualties.push(...(await casualtiesOf(environment)))
      // Its end has pauses too: five seconds of a namespace's.
      if (!disturbs) await leave(environment)
    },
  })
  if (disturbs) {
    observations.push(...(await observeEvents(started.environments, probes, asking)))
    await Promise.all(started.environments.map(leave))
  }
  const witnessed = started.environments.flatMap(({ name }) => witnesses.get(name) ?? [])
  const recording: Recording = redactor.json({
    project: settings.project,
    reference: settings.reference,
    date: new Date().toISOString().slice(0, 10),
    // How to find it again is nobody's business once it is gone.
    environments: [
      ...started.environments.map((environment) => ({ ...plain(environment), handle: null })),
      ...(another?.environments ?? []),
    ],
    observations: [...observations, ...(another?.observations ?? [])],
    casualties: [...casualties, ...(another?.casualties ?? [])],
    requests: requestsOf(settings),
    sources: await sources,
    notAsked: [
      ...notApplicable(settings),
      ...all
        .filter((probe) => !probes.includes(probe))
        .map((probe) => ({ probe: probe.name, reason: whyLeftOut(probe, options) })),
    ],
    timelines: timelinesOf(witnessed, observations, probes),
  })
  const report = reportOf(recording, judge(recording, config.accepted))
  await options.onEvidence?.(evidenceOf(report, witnessed, probes))
  return report
}

/** A candidate is asked again what it answers differently, but for what is accepted. */
export function askWhereItDiffers({
  settings: { project },
  accepted,
}: Config): NonNullable<ObserveOptions['askAgain']> {
  return async (candidate, reference) => {
    const seen = await reference()
    const held = [seen, candidate]
    const recording: Recording = {
      project,
      reference: seen.environment.name,
      date: new Date().toISOString().slice(0, 10),
      environments: held.map(({ environment }) => environment),
      observations: held.flatMap(({ observations }) => observations),
      casualties: [],
      notAsked: [],
    }
    return differingProbes(recording, accepted)
  }
}

/** Events are asked for by themselves or by name: they take long, and something happens to the deployment. */
export function selectProbes(
  probes: Probe[],
  { only, skip, events = false }: Pick<CheckOptions, 'only' | 'skip' | 'events'>,
): Probe[] {
  const wanted = (probe: Probe) => (only ? isNamedBy(only, probe) : isQuiet(probe) || events)
  return probes.filter((probe) => wanted(probe) && !(skip && isNamedBy(skip, probe)))
}

function whyLeftOut(probe: Probe, { only, events }: CheckOptions): string {
  return !isQuiet(probe) && !only && !events ? 'an event: ask for it with --events' : 'left out of this run'
}
