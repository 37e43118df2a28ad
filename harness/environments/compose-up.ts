/** `docker compose up`, ended as soon as a container has failed. */
import { type ExecOptions, exec, lastLines } from '../exec.ts'
import { waitFor } from '../poll.ts'
import { docker, type Inspection, logs } from './docker.ts'

const SERVICE_LABEL = 'com.docker.compose.service'

/**
 * `up` waits for the conditions of depends_on. It notices a failure of what another service depends on, but goes on
 * waiting for that one when any other has failed.
 * @throws an error that names what has failed, with exit code and last lines
 */
export async function composeUp(command: string[], options: ExecOptions, environmentId: string): Promise<void> {
  const over = new AbortController()
  const failure = new AbortController()
  const watching = waitFor({
    what: 'a container to fail',
    withinSeconds: Number.POSITIVE_INFINITY,
    everySeconds: 0.5,
    signal: over.signal,
    check: async () => (await containersOf(environmentId)).find(hasFailedForGood),
  }).then(
    () => failure.abort(new Error('a container has failed')),
    () => {}, // it was over, or the engine does not answer: `up` tells
  )
  const ends = [options.signal, failure.signal].filter((signal) => signal !== undefined)
  try {
    await exec(command, { ...options, signal: AbortSignal.any(ends) })
  } catch (error) {
    options.signal?.throwIfAborted()
    const failed = (await containersOf(environmentId)).filter(hasFailed)
    throw failed.length ? new Error((await Promise.all(failed.map(describe))).join('\n'), { cause: error }) : error
  } finally {
    over.abort()
    await watching
  }
}

/** All containers of a compose project, those that have ended among them. */
export async function containersOf(environmentId: string): Promise<Inspection[]> {
  const engine = await docker()
  const label = [`com.docker.compose.project=${environmentId}`]
  const found = await engine.listContainers({ all: true, filters: { label } })
  return Promise.all(found.map(({ Id }) => engine.getContainer(Id).inspect()))
}

export function serviceOf({ Config }: Inspection): string {
  return Config.Labels[SERVICE_LABEL] as string
}

function hasExited({ State }: Inspection): boolean {
  return State.Status === 'exited' && State.ExitCode !== 0
}

/** The engine calls a container unhealthy as well when it has ended well. */
function hasFailed(container: Inspection): boolean {
  return hasExited(container) || (container.State.Running && container.State.Health?.Status === 'unhealthy')
}

/**
 * One that is to be restarted is given its chance. So is one that is unhealthy: it may be a one-off command whose image
 * has a health check for something else; who depends on its health, or asks for it later, will tell.
 */
function hasFailedForGood(container: Inspection): boolean {
  return hasExited(container) && ['', 'no'].includes(container.HostConfig.RestartPolicy?.Name ?? '')
}

async function describe(container: Inspection): Promise<string> {
  const { State, Id } = container
  const ended = State.Status === 'exited' ? `exited with code ${State.ExitCode}` : 'is unhealthy'
  return `${serviceOf(container)} ${ended}${lastLines(await logs(Id))}`
}
