/** What a spec imports: the running environments, `expectSame`, and parity.yaml's probes as ordinary tests. */
import { test as base, expect, inject } from 'vitest'
import { askWhereItDiffers } from '../check.ts'
import { judge } from '../compare/judge.ts'
import { show } from '../compare/show.ts'
import { type Config, loadConfig } from '../config/load.ts'
import type {
  AcceptedDifference,
  Environment,
  Json,
  Observation,
  Probe,
  Recording,
  Result,
  RunningEnvironment,
} from '../model.ts'
import { isQuiet, observe } from '../observe.ts'
import { probesFor } from '../probes/index.ts'
import { type Redactor, redactor } from '../secrets.ts'
import { attachEnvironments, plain } from '../start.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What the reporter needs to write the parity report. */
    parity?: { configFile: string; environments: Environment[]; observations: Observation[] }
  }
}

export interface ParityFixtures {
  /** The environments that were started for this run, the reference first. */
  environments: RunningEnvironment[]
  /** The environment that the others are judged against. */
  reference: RunningEnvironment
}

/** Vitest's `test` with the running environments. */
export const test = base.extend<ParityFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures that are needed from here
  environments: async ({}, use) => {
    await use((await session()).environments)
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  reference: async ({}, use) => {
    await use((await session()).environments[0] as RunningEnvironment)
  },
})

/** The environments do not behave the same. The message lists each difference by its JSON Pointer. */
export class ParityError extends Error {
  readonly results: Result[]

  constructor(results: Result[], reference: string) {
    super(results.map((result) => describe(result, reference)).join('\n'))
    this.name = 'ParityError'
    this.results = results
  }
}

/**
 * Runs a function in every environment, in the reference twice, and compares what it returns.
 * Differences can be accepted in parity.accepted.yaml under the name of the test as their probe.
 * @throws ParityError with the differences
 */
export async function expectSame(question: (environment: RunningEnvironment) => Promise<Json>): Promise<void> {
  const name = expect.getState().currentTestName ?? 'expectSame'
  const probe: Probe = { name, question: name, effect: 'writes', observe: question }
  const { config, environments } = await session()
  const recording = await record(probe, environments)
  fail(judge(recording, config.accepted).results, config)
}

/**
 * Declares one test for each probe of parity.yaml and each environment, then one for the list of accepted differences
 * and one for the services' health. To be awaited at the top of a spec file.
 */
export async function parityTests(): Promise<void> {
  const { config, environments } = await session()
  const { reference } = config.settings
  const asked: Recording[] = []
  // Without the events: what they leave behind would be in the way of the tests of other files.
  for (const probe of probesFor(config.settings).filter(isQuiet)) {
    let recorded: Promise<Recording> | undefined
    for (const candidate of environments.filter(({ name }) => name !== reference)) {
      base(`${probe.name} in ${candidate.name}`, async ({ task }) => {
        if (!recorded) {
          recorded = record(probe, environments)
          const recording = await recorded
          asked.push(recording)
          task.meta.parity = {
            configFile: config.file,
            environments: environments.map(plain),
            observations: recording.observations,
          }
        }
        const { results } = judge(await recorded, config.accepted)
        fail(
          results.filter(({ environment }) => environment === candidate.name),
          config,
        )
      })
    }
  }
  base('every accepted difference is still there and not due for review', async () => {
    const { accepted } = judge(merge(asked), config.accepted)
    expect(accepted.map(({ entry, problem }) => `${problem}: ${name(entry)}`)).toEqual([])
  })
  base('every service is still running', async () => {
    expect(await attachEnvironments(environments).casualties()).toEqual([])
  })
}

/** All of what was recorded apart, as one recording. */
export function merge(recordings: Recording[]): Recording {
  const [first] = recordings
  if (!first)
    return { project: '', reference: '', date: '', environments: [], observations: [], casualties: [], notAsked: [] }
  return { ...first, observations: recordings.flatMap(({ observations }) => observations) }
}

interface Session {
  config: Config
  /** The reference first. */
  environments: RunningEnvironment[]
  redactor: Redactor
}

let held: Promise<Session> | undefined

/** One for the whole spec file: what a test does to an environment, the next one finds. */
function session(): Promise<Session> {
  held ??= (async () => {
    const { configFile, environments, secrets } = inject('parity')
    const config = await loadConfig(configFile)
    const { project, reference, secrets: patterns } = config.settings
    const redact = redactor(project, patterns)
    for (const secret of secrets) redact.learn(secret)
    const attached = attachEnvironments(environments).environments
    attached.sort((one, other) => Number(other.name === reference) - Number(one.name === reference))
    return { config, environments: attached, redactor: redact }
  })()
  return held
}

async function record(probe: Probe, environments: RunningEnvironment[]): Promise<Recording> {
  const { config, redactor } = await session()
  const { project, reference } = config.settings
  const observations = await observe(environments, [probe], {
    reference,
    redactor,
    signal: new AbortController().signal,
    askAgain: askWhereItDiffers(config),
  })
  const date = new Date().toISOString().slice(0, 10)
  return {
    project,
    reference,
    date,
    environments: environments.map(plain),
    observations,
    casualties: [],
    notAsked: [],
  }
}

function fail(results: Result[], config: Config): void {
  const failed = results.filter(({ verdict }) => verdict === 'different' || verdict === 'unknown')
  if (failed.length) throw new ParityError(failed, config.settings.reference)
}

function describe({ probe, environment, reason, differences }: Result, reference: string): string {
  const places = differences
    .filter(({ verdict }) => verdict !== 'accepted')
    .map((difference) =>
      [
        `  ${difference.pointer || '(the whole answer)'}${difference.reason ? `: ${difference.reason}` : ''}`,
        `    ${reference}: ${show(difference.reference)}`,
        `    ${environment}: ${show(difference.candidate)}`,
      ].join('\n'),
    )
  return [`${probe} is not the same in ${environment}${reason ? `: ${reason}` : ''}`, ...places].join('\n')
}

function name({ probe, environment, pointer }: AcceptedDifference): string {
  return `${probe} in ${environment} ${pointer}`
}
