/**
 * Vitest's globalSetup: starts the project's environments once for the whole run and takes them down at its end.
 * The project is the folder given as `provide: { parityProject: '…' }` in vitest.config.ts, by default the root.
 */
import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { interruption } from '../cli/exit.ts'
import { progressLog } from '../cli/progress.ts'
import { loadConfig } from '../config/load.ts'
import type { Environment } from '../model.ts'
import { redactor } from '../secrets.ts'
import { plain, startEnvironments } from '../start.ts'

export interface Provided {
  configFile: string
  environments: Environment[]
  /** What the services' configuration holds: never to be written. */
  secrets: string[]
}

declare module 'vitest' {
  export interface ProvidedContext {
    parity: Provided
    parityProject: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const config = await loadConfig(resolve(project.config.root, project.getProvidedContext().parityProject ?? '.'))
  const { settings } = config
  const progress = progressLog()
  const redact = redactor(settings.project, settings.secrets)
  const started = await startEnvironments(config, Object.keys(settings.environments), {
    redactor: redact,
    signal: interruption(),
    progress: progress.onProgress,
  })
  for (const { name, readySeconds } of started.environments) progress.onReady(name, readySeconds)
  project.provide('parity', {
    configFile: config.file,
    environments: started.environments.map(plain),
    secrets: redact.learned(),
  })
  return () => started.down()
}
