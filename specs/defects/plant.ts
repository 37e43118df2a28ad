/** Plants one defect in a copy of the application, asks the planted environment, and judges it beside healthy ones. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { selectProbes } from '../../harness/check.ts'
import { type Judgement, judge } from '../../harness/compare/judge.ts'
import { type Config, loadConfig } from '../../harness/config/load.ts'
import { exec } from '../../harness/exec.ts'
import type { Recording } from '../../harness/model.ts'
import { observe } from '../../harness/observe.ts'
import { probesFor } from '../../harness/probes/index.ts'
import { redactor as makeRedactor } from '../../harness/secrets.ts'
import { plain, startEnvironments } from '../../harness/start.ts'
import type { Defect } from './defect.ts'

export const application = join(import.meta.dirname, '../../fixtures/manifest-tracker')

/** What one start of some environments has shown. */
export type Seen = Pick<Recording, 'environments' | 'observations' | 'casualties'>

/** Starts the named environments, asks them the named probes, and takes them down again. */
export async function see(config: Config, environments: string[], probes: string[], signal: AbortSignal) {
  const { settings } = config
  const redactor = makeRedactor(settings.project, settings.secrets)
  await using images = namedApart(config)
  await using started = await startEnvironments(images.config, environments, { redactor, signal, progress: () => {} })
  const observations = await observe(started.environments, selectProbes(probesFor(settings), { only: probes }), {
    reference: settings.reference,
    redactor,
    signal,
  })
  const casualties = await started.casualties()
  return redactor.json<Seen>({ environments: started.environments.map(plain), observations, casualties })
}

/** @throws StartError when the planted environment cannot be started */
export async function plant(defect: Defect, healthy: Seen, signal: AbortSignal): Promise<Judgement> {
  await using copy = await plantedCopy(defect)
  const config = await loadConfig(copy.directory)
  const planted = await see(config, [defect.environment], defect.probes, signal)
  return judge(recordingOf(config, planted, healthy), config.accepted)
}

/** The healthy environments as they were, but for those that have been seen planted, and only the probes asked of these. */
export function recordingOf({ settings }: Config, planted: Seen, healthy?: Seen): Recording {
  const asked = new Set(planted.observations.map(({ probe }) => probe))
  const replaced = new Set(planted.environments.map(({ name }) => name))
  const stays = ({ environment }: { environment: string }) => !replaced.has(environment)
  return {
    project: settings.project,
    reference: settings.reference,
    date: new Date().toISOString().slice(0, 10),
    environments: [...planted.environments, ...(healthy?.environments ?? []).filter(({ name }) => !replaced.has(name))],
    observations: [
      ...planted.observations,
      ...(healthy?.observations ?? []).filter((observation) => stays(observation) && asked.has(observation.probe)),
    ],
    casualties: [...planted.casualties, ...(healthy?.casualties ?? []).filter(stays)],
    notAsked: [],
  }
}

async function plantedCopy({ patch }: Defect) {
  const scratch = await mkdtemp(join(tmpdir(), 'parity-defect-'))
  const remove = () => rm(scratch, { recursive: true })
  try {
    const directory = join(scratch, basename(application))
    await cp(application, directory, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
    await exec(['git', 'apply', '-p1', patch], { cwd: directory })
    return { directory, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Images get a name of their own, so that no planted one stands where the next run looks for a healthy one. */
function namedApart(config: Config) {
  const project = `defects-${process.pid}`
  return {
    config: { ...config, settings: { ...config.settings, project } },
    async [Symbol.asyncDispose]() {
      const listing = ['--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=parity/${project}-*`]
      const { stdout } = await exec(['docker', 'image', 'ls', ...listing])
      const names = stdout.split('\n').filter(Boolean)
      if (names.length) await exec(['docker', 'image', 'rm', ...names])
    },
  }
}
