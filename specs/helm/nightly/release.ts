/** One release of a chart, followed through its life: changed, asked, and looked at for the data that it holds. */
import { selectProbes } from '../../../harness/check.ts'
import { judge } from '../../../harness/compare/judge.ts'
import { type Config, loadConfig } from '../../../harness/config/load.ts'
import type { HelmChart, KindSpec } from '../../../harness/config/schema.ts'
import { install } from '../../../harness/environments/helm.ts'
import { deployInKind } from '../../../harness/environments/kind.ts'
import { exec } from '../../../harness/exec.ts'
import type { Environment, Json, Observation, Recording, RunningEnvironment } from '../../../harness/model.ts'
import { observe } from '../../../harness/observe.ts'
import { probesFor } from '../../../harness/probes/index.ts'
import { redactor as makeRedactor } from '../../../harness/secrets.ts'
import { plain } from '../../../harness/start.ts'

/** What is asked after each step. */
const PROBES = ['http', 'journey', 'process']

export type Release = Awaited<ReturnType<typeof release>>

/** Installs the chart of a project's `helm` environment, with the sample data of the project in it. */
export async function release(directory: string, signal: AbortSignal) {
  const config = await loadConfig(directory)
  const { project, secrets, prepare, environments } = config.settings
  const spec = environments.helm as KindSpec
  const chart = spec.charts[0] as HelmChart
  const redactor = makeRedactor(project, secrets)
  const context = { project: 'lifecycle', name: 'helm', directory: config.directory, redactor, signal, keep: false }
  const { environment, target, look } = await deployInKind(spec, { ...context, progress: () => {} })
  for (const { role, command } of prepare) await exec([...(environment.services[role]?.exec ?? []), ...command])

  const now = async (name: string): Promise<RunningEnvironment> => ({ ...environment, name, services: await look() })
  return {
    config,
    chart,
    target,
    /** @param set values beside those of parity.yaml */
    upgrade: (set: Record<string, Json> = {}) => install({ ...chart, set: { ...chart.set, ...set } }, target),
    /** Asks the release as it is now, as an environment of that name; the reference twice. */
    ask: async (name: string, reference: string): Promise<Seen> => {
      const seen = await now(name)
      const probes = selectProbes(probesFor(config.settings), { only: PROBES })
      return { environment: plain(seen), observations: await observe([seen], probes, { reference, redactor, signal }) }
    },
    run: async (role: string, command: string[]): Promise<string> => {
      const { services } = await now('now')
      return (await exec([...(services[role]?.exec ?? []), ...command])).stdout
    },
    remove: () => environment.down(),
  }
}

export interface Seen {
  environment: Environment
  observations: Observation[]
}

/** Where the release is no longer as it was: `process /web/environment/LEVEL`. */
export function changes(config: Config, before: Seen, after: Seen): string[] {
  const recording: Recording = {
    project: config.settings.project,
    reference: before.environment.name,
    date: new Date().toISOString().slice(0, 10),
    environments: [before.environment, after.environment],
    observations: [...before.observations, ...after.observations],
    casualties: [],
    notAsked: [],
  }
  return judge(recording, []).results.flatMap(({ probe, reason, differences }) => [
    ...(reason ? [`${probe}: ${reason}`] : []),
    ...differences.map(({ pointer }) => `${probe} ${pointer}`),
  ])
}

/** The value of a variable of a role's main process. */
export function variable({ observations }: Seen, role: string, name: string): Json | undefined {
  type Processes = Record<string, { environment: Record<string, Json> }>
  const answer = observations.find(({ probe }) => probe === 'process')?.value as Processes | undefined
  return answer?.[role]?.environment[name]
}
