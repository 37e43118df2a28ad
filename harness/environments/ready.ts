/** Waiting for containers: by named conditions, and no longer than it can help. */
import type Dockerode from 'dockerode'
import type { Readiness } from '../config/schema.ts'
import { exec, lastLines } from '../exec.ts'
import type { Role } from '../model.ts'
import { waitFor } from '../poll.ts'
import { localUrl } from './address.ts'
import { type Inspection, logs } from './docker.ts'

/** Without a health check a service counts as ready when it has run this long: a program that cannot start ends sooner. */
const RUNNING_SECONDS = 1

/** A container ended, or can never become ready. */
export class ContainerFailure extends Error {
  constructor(role: Role, what: string, log: string) {
    super(`${role} ${what}${lastLines(log) || '\n  | (it logged nothing)'}`)
    this.name = 'ContainerFailure'
  }
}

interface ReadyOptions {
  role: Role
  withinSeconds: number
  signal: AbortSignal
  readiness?: Readiness
}

/** Waits until a container is ready. @throws ContainerFailure as soon as it has exited or turned unhealthy. */
export async function waitUntilReady(container: Dockerode.Container, options: ReadyOptions): Promise<void> {
  const { role, withinSeconds, signal } = options
  let lastSeen = 'not started'
  await waitFor({
    what: `${role} to be ready`,
    withinSeconds,
    signal,
    lastSeen: () => lastSeen,
    check: async () => {
      const inspection = await container.inspect()
      await throwIfDead(role, inspection)
      const readiness = options.readiness ?? (inspection.Config.Healthcheck ? 'healthy' : 'running')
      const { ready, seen } = await look(container, inspection, readiness)
      lastSeen = seen
      return ready || undefined
    },
  }).catch(async (error) => {
    if (error.name !== 'DeadlineError') throw error
    throw new ContainerFailure(role, `was not ready: ${error.message}`, await logs(container.id))
  })
}

/** Waits until a one-off container has ended. @throws ContainerFailure when its exit code is not 0. */
export async function waitUntilDone(container: Dockerode.Container, options: ReadyOptions): Promise<void> {
  await waitFor({
    what: `${options.role} to end`,
    withinSeconds: options.withinSeconds,
    signal: options.signal,
    check: async () => {
      const { State } = await container.inspect()
      if (State.Running || State.Status === 'created') return undefined
      if (State.ExitCode !== 0) throw new ContainerFailure(options.role, exited(State), await logs(container.id))
      return true
    },
  })
}

/** @throws ContainerFailure when a container has ended or is unhealthy */
export async function throwIfDead(role: Role, { Id, State }: Inspection): Promise<void> {
  if (State.Status === 'exited' || State.Status === 'dead')
    throw new ContainerFailure(role, exited(State), await logs(Id))
  if (State.Status === 'restarting')
    throw new ContainerFailure(role, `keeps restarting: ${exited(State)}`, await logs(Id))
  if (State.Health?.Status === 'unhealthy') {
    const last = State.Health.Log?.at(-1)
    throw new ContainerFailure(
      role,
      `is unhealthy: its health check failed ${State.Health.FailingStreak} times, last with exit code ${last?.ExitCode}: ${last?.Output.trim()}`,
      await logs(Id),
    )
  }
}

function exited(state: Inspection['State']): string {
  const reason = state.OOMKilled ? ', out of memory' : state.Error ? `, ${state.Error}` : ''
  return `exited with code ${state.ExitCode}${reason}`
}

/** What a container logged before it was started again says nothing. Its own start is noted after its first lines. */
function sinceLastEnd({ State }: Inspection): string | undefined {
  return State.FinishedAt.startsWith('0001-') ? undefined : State.FinishedAt
}

async function look(
  container: Dockerode.Container,
  inspection: Inspection,
  readiness: Readiness,
): Promise<{ ready: boolean; seen: string }> {
  if (readiness === 'running') {
    const upSeconds = (Date.now() - new Date(inspection.State.StartedAt).getTime()) / 1000
    return { ready: inspection.State.Running && upSeconds >= RUNNING_SECONDS, seen: inspection.State.Status }
  }
  if (readiness === 'healthy') {
    const health = inspection.State.Health?.Status ?? 'no health check'
    return { ready: health === 'healthy', seen: health }
  }
  if ('log' in readiness) {
    return {
      ready: new RegExp(readiness.log, 'm').test(await logs(container.id, sinceLastEnd(inspection))),
      seen: `no log line matches ${readiness.log}`,
    }
  }
  if ('command' in readiness) {
    const { exitCode } = await exec(['docker', 'exec', container.id, ...readiness.command], { accept: 'any' })
    return { ready: exitCode === 0, seen: `${readiness.command.join(' ')} exited with code ${exitCode}` }
  }
  if ('listening' in readiness) {
    const tables = await exec(['docker', 'exec', container.id, 'cat', '/proc/net/tcp', '/proc/net/tcp6'], {
      accept: 'any',
    })
    const port = readiness.listening.toString(16).toUpperCase().padStart(4, '0')
    return {
      ready: new RegExp(`:${port} [0-9A-F]+:0000 0A `).test(tables.stdout),
      seen: `nothing listens on ${readiness.listening}`,
    }
  }
  const binding = Object.values(inspection.NetworkSettings.Ports).find((bindings) => bindings?.length)?.[0]
  const status = await fetch(localUrl(binding?.HostPort) + readiness.http, {
    redirect: 'manual',
    signal: AbortSignal.timeout(2000),
  }).then(
    (response) => response.status,
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message,
  )
  return { ready: status === readiness.status, seen: `GET ${readiness.http} gave ${status}` }
}
