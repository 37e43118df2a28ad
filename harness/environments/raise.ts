/** What starting an environment of containers has in common, and holding one that runs. */
import type { Casualty, Environment, Json, Role, RunningEnvironment, Service } from '../model.ts'
import { StartError, type UpContext } from './adapter.ts'
import { containersIn, describeContainers, lastWords } from './container-description.ts'
import { type ContainersHandle, containerVerbs } from './container-verbs.ts'
import { docker, learnSecrets } from './docker.ts'
import { newEnvironmentId } from './ownership.ts'
import { throwIfDead } from './ready.ts'
import { remove } from './removal.ts'
import { stopwatch } from './stopwatch.ts'

/**
 * How one kind does it: `built` is to be called when the images are there and the start begins, `note` with what
 * `describe` is to tell of the files that it was made from.
 */
export type Start = (
  environmentId: string,
  built: () => void,
  note: (fileName: string, text: string) => void,
) => Promise<{ services: Record<string, Service>; handle: ContainersHandle }>

/** @throws StartError; what was started is removed then, also after an abort */
export async function raise(
  spec: { kind: string; vars: Record<string, string> },
  context: UpContext,
  start: Start,
): Promise<RunningEnvironment> {
  const startedAt = new Date().toISOString()
  const environmentId = newEnvironmentId(context.project, context.name)
  const elapsedSeconds = stopwatch()
  const notes: Record<string, string> = {}
  let buildSeconds = 0
  try {
    const built = () => {
      buildSeconds = elapsedSeconds()
    }
    const { services, handle } = await start(environmentId, built, (fileName, text) => {
      notes[fileName] = context.redactor.document(text)
    })
    const environment: Environment = {
      name: context.name,
      kind: spec.kind,
      id: environmentId,
      startedAt,
      readySeconds: elapsedSeconds() - buildSeconds,
      buildSeconds,
      services,
      formerServices: [],
      vars: spec.vars,
      handle: { ...handle, notes } as unknown as Json,
    }
    return running(environment, context.signal)
  } catch (error) {
    // The message may quote what a container has logged.
    for (const container of await containersIn(environmentId)) learnSecrets(container, context.redactor)
    const evidence = context.signal.aborted ? {} : { ...notes, ...(await lastWords(environmentId)) }
    await remove({ environmentId })
    context.signal.throwIfAborted()
    throw new StartError(context.name, (error as Error).message, { cause: error, evidence })
  }
}

/** Gives the verbs to an environment whose services are containers of this engine. */
export function running(environment: Environment, signal = new AbortController().signal): RunningEnvironment {
  const absent = new Set<Role>()
  return {
    ...environment,
    ...containerVerbs(environment, absent, signal),
    casualties: () => casualties(environment, absent),
    // The engine tells what runs now: what runs again is none.
    settled: () => {},
    describe: async () => {
      const { notes } = environment.handle as unknown as ContainersHandle
      return { ...notes, ...(await describeContainers(environment.id, environment.services)) }
    },
    down: async () => {
      await remove({ environmentId: environment.id })
    },
  }
}

async function casualties({ services }: Environment, absent: Set<Role>): Promise<Casualty[]> {
  const engine = await docker()
  const expected = Object.values(services).filter(({ role }) => !absent.has(role))
  const looked = await Promise.all(
    expected.map(async ({ role, exec: prefix }): Promise<Casualty | undefined> => {
      const containerId = prefix.at(-1) as string
      try {
        await throwIfDead(role, await engine.getContainer(containerId).inspect())
      } catch (error) {
        return { role, message: (error as Error).message }
      }
    }),
  )
  return looked.filter((casualty) => casualty !== undefined)
}
