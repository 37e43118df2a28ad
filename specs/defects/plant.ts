/** Plants a defect in a copy of the application, and asks environments of such a copy or of the application itself. */
import { cp } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { askWhereItDiffers, selectProbes } from '../../harness/check.ts'
import type { Config } from '../../harness/config/load.ts'
import { passingName } from '../../harness/environments/passing.ts'
import { scratchFolder } from '../../harness/environments/scratch.ts'
import { exec } from '../../harness/exec.ts'
import type { Environment, Recording } from '../../harness/model.ts'
import { type ObserveOptions, observe, observeEvents } from '../../harness/observe.ts'
import { probesFor } from '../../harness/probes/index.ts'
import { redactor as makeRedactor } from '../../harness/secrets.ts'
import { plain, startEnvironments } from '../../harness/start.ts'
import type { Defect } from './defect.ts'

export const application = join(import.meta.dirname, '../../fixtures/manifest-tracker')

/** What one start of some environments has shown. */
export type Seen = Pick<Recording, 'environments' | 'observations' | 'casualties'>

let starts = 0

/**
 * Starts an environment, asks it the named probes, and takes it down again.
 * @param reference beside which it is asked a second time where it differs; without one, it is asked everything twice
 * @throws StartError when it cannot be started
 */
export async function see(
  config: Config,
  name: string,
  probes: string[],
  signal: AbortSignal,
  reference?: Seen,
): Promise<Seen> {
  const { settings } = config
  const redactor = makeRedactor(settings.project, settings.secrets)
  await using images = namedApart(config)
  await using started = await startEnvironments(images.config, [name], { redactor, signal, progress: () => {} })
  const asked = selectProbes(probesFor(settings), { only: probes })
  const environment = reference?.environments.find(({ name }) => name === settings.reference) as Environment
  const asking: ObserveOptions = {
    reference: reference ? settings.reference : name,
    redactor,
    signal,
    askAgain:
      reference && ((candidate) => askWhereItDiffers(config)(candidate, async () => ({ ...reference, environment }))),
  }
  const observations = await observe(started.environments, asked, asking)
  const casualties = await started.casualties()
  observations.push(...(await observeEvents(started.environments, asked, asking)))
  return redactor.json<Seen>({ environments: started.environments.map(plain), observations, casualties })
}

/** A copy of the application with the defect in it, removed when disposed of. */
export async function plantedCopy({ patch }: Pick<Defect, 'patch'>) {
  const scratch = await scratchFolder()
  const directory = join(scratch.path, basename(application))
  await cp(application, directory, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
  await exec(['git', 'apply', '-p1', '-C1', patch], { cwd: directory })
  return { directory, [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose]() }
}

/** Images get a name of their own, so that no planted one stands where the next run looks for a healthy one. */
function namedApart(config: Config) {
  const project = passingName(`defects-${++starts}`)
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
