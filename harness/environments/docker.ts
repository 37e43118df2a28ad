/** What the container-based environments share: looking at containers, waiting for them, removing them. */
import type Dockerode from 'dockerode'
import { getContainerRuntimeClient } from 'testcontainers'
import type { Readiness } from '../config/schema.ts'
import { exec, lastLines } from '../exec.ts'
import type { Casualty, Environment, Role, RunningEnvironment, Service } from '../model.ts'
import { waitFor } from '../poll.ts'
import type { Redactor } from '../secrets.ts'
import { ENVIRONMENT_LABEL, OWNER_LABEL, ownerLives } from './ownership.ts'

/** Without a health check a service counts as ready when it has run this long: a program that cannot start ends sooner. */
const RUNNING_SECONDS = 1

export type Inspection = Dockerode.ContainerInspectInfo

/** A container ended, or can never become ready. */
export class ContainerFailure extends Error {
  constructor(role: Role, what: string, log: string) {
    super(`${role} ${what}${lastLines(log) || '\n  | (it logged nothing)'}`)
    this.name = 'ContainerFailure'
  }
}

export async function docker(): Promise<Dockerode> {
  return (await getContainerRuntimeClient()).container.dockerode
}

// --- waiting ----------------------------------------------------------------------------------------------------

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
    everySeconds: 0.1,
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
    everySeconds: 0.1,
    signal: options.signal,
    check: async () => {
      const { State } = await container.inspect()
      if (State.Running || State.Status === 'created') return undefined
      if (State.ExitCode !== 0) throw new ContainerFailure(options.role, exited(State), await logs(container.id))
      return true
    },
  })
}

async function throwIfDead(role: Role, { Id, State }: Inspection): Promise<void> {
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
      ready: new RegExp(readiness.log, 'm').test(await logs(container.id)),
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
  const status = await fetch(`http://127.0.0.1:${binding?.HostPort}${readiness.http}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(2000),
  }).then(
    (response) => response.status,
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message,
  )
  return { ready: status === readiness.status, seen: `GET ${readiness.http} gave ${status}` }
}

// --- looking ----------------------------------------------------------------------------------------------------

export async function logs(containerId: string): Promise<string> {
  const { stdout, stderr } = await exec(['docker', 'logs', containerId], { accept: 'any' })
  return [stdout, stderr].filter(Boolean).join('\n')
}

/** @param port the container port that other programs reach it by; default: its only published one */
export async function describeService(
  role: Role,
  container: Inspection,
  image: { name: string; own: boolean; provenance?: string },
  port?: number,
): Promise<Service> {
  const published = Object.entries(container.NetworkSettings.Ports).filter(([, bindings]) => bindings?.length)
  const chosen = port === undefined ? published[0] : published.find(([key]) => key === `${port}/tcp`)
  const hostPort = chosen?.[1]?.[0]?.HostPort
  const networks = Object.values(container.NetworkSettings.Networks)
  return {
    role,
    baseUrl: hostPort ? `http://127.0.0.1:${hostPort}` : null,
    exec: ['docker', 'exec', '-i', container.Id],
    logs: ['docker', 'logs', '--timestamps', container.Id],
    aliases: [
      ...new Set(
        [
          role,
          container.Config.Hostname,
          ...networks.flatMap((network) => [...(network.Aliases ?? []), network.IPAddress]),
        ].filter(Boolean),
      ),
    ],
    image: image.name,
    imageId: container.Image,
    provenance: image.provenance ?? (await provenance(container.Image)),
    ownImage: image.own,
  }
}

/** Where a ready-made image came from, by what the engine knows of it. */
export async function provenance(imageId: string): Promise<string> {
  const image = await (await docker()).getImage(imageId).inspect()
  if (image.Config.Labels?.['dev.parity.provenance'] === 'offline') {
    return `built offline from Debian packages (recipe ${image.Config.Labels['dev.parity.recipe']?.slice(0, 12)})`
  }
  return image.RepoDigests?.[0] ? `pulled ${image.RepoDigests[0]}` : 'built on this machine'
}

/** Variables with secret names, taken from the containers' configuration. */
export function learnSecrets(container: Inspection, redactor: Redactor): void {
  for (const variable of container.Config.Env) {
    const [name, value] = [variable.slice(0, variable.indexOf('=')), variable.slice(variable.indexOf('=') + 1)]
    if (redactor.isSecretName(name)) redactor.learn(value)
  }
}

// --- holding and removing ---------------------------------------------------------------------------------------

/** Gives the verbs to an environment whose services are containers of this engine. */
export function running(environment: Environment): RunningEnvironment {
  return {
    ...environment,
    casualties: () => casualties(environment),
    down: async () => {
      await remove({ environmentId: environment.id })
    },
  }
}

async function casualties(environment: Environment): Promise<Casualty[]> {
  const engine = await docker()
  const looked = await Promise.all(
    Object.values(environment.services).map(async ({ role, exec: prefix }): Promise<Casualty | undefined> => {
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

const REMOVAL_LIMIT_SECONDS = 60

/**
 * Removes the containers, networks and volumes of one environment, or of all whose owner has died.
 * @returns the names of what was removed
 */
export async function remove(whose: { environmentId: string } | 'nobodys'): Promise<string[]> {
  const removed = new Set<string>()
  await waitFor({
    what: `the remains of ${whose === 'nobodys' ? 'dead runs' : whose.environmentId} to be gone`,
    withinSeconds: REMOVAL_LIMIT_SECONDS,
    lastSeen: () => [...removed].join(', '),
    check: async () => {
      // What is still in use, or already being removed, is seen again in the next round.
      const { containers, others } = await belongings(whose)
      await Promise.all(containers.map(({ remove }) => remove().catch(unlessBusyOrGone)))
      await Promise.all(others.map(({ remove }) => remove().catch(unlessBusyOrGone)))
      for (const { name } of [...containers, ...others]) removed.add(name)
      return containers.length + others.length === 0 || undefined
    },
  })
  return [...removed]
}

interface Belonging {
  name: string
  remove: () => Promise<unknown>
}

async function belongings(whose: { environmentId: string } | 'nobodys') {
  const engine = await docker()
  const label = whose === 'nobodys' ? OWNER_LABEL : `${ENVIRONMENT_LABEL}=${whose.environmentId}`
  const filters = { label: [label] }
  const wanted = ({ Labels }: { Labels?: Record<string, string> }) =>
    whose !== 'nobodys' || !ownerLives(Labels?.[OWNER_LABEL] ?? '')
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ])
  const others: Belonging[] = [
    ...networks.filter(wanted).map(({ Id, Name }) => ({ name: Name, remove: () => engine.getNetwork(Id).remove() })),
    ...(volumes.Volumes ?? [])
      .filter(wanted)
      .map(({ Name }) => ({ name: Name, remove: () => engine.getVolume(Name).remove() })),
  ]
  return {
    containers: containers.filter(wanted).map(({ Id, Names }): Belonging => {
      return { name: Names[0] ?? Id, remove: () => engine.getContainer(Id).remove({ force: true, v: true }) }
    }),
    others,
  }
}

function unlessBusyOrGone(error: { statusCode?: number; message: string }): void {
  const busyOrGone = error.statusCode === 404 || error.statusCode === 409 || /active endpoints/.test(error.message)
  if (!busyOrGone) throw error
}

/** The engine's version, for reports and for saying early that there is none. */
export async function engineVersion(): Promise<string> {
  return (await (await docker()).version()).Version
}
