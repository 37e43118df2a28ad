/** What can be done to an environment whose services are containers of this engine. */
import type { Readiness } from '../config/schema.ts'
import type { Ending, Environment, HealthCheck, Instance, Role, Service } from '../model.ts'
import type { Verbs } from './adapter.ts'
import { clone, type Variables, withVariables } from './clone.ts'
import { describeService, docker, type Inspection, removeContainer } from './docker.ts'
import { putServices, remember } from './former.ts'
import { runCheck } from './health-check.ts'
import { ENVIRONMENT_LABEL, ROLE_LABEL } from './ownership.ts'
import { waitUntilDone, waitUntilReady } from './ready.ts'
import { stopwatch } from './stopwatch.ts'

/** What an environment of containers is found and brought back by: the content of its `handle`. */
export interface ContainersHandle {
  roles: Record<Role, Startable>
  /** Variables that `upgrade` changes, by role. */
  upgrade: Record<Role, Variables>
  /** What it was made from, for `describe`: texts by file name, without secrets. */
  notes?: Record<string, string>
}

export interface Startable {
  readiness?: Readiness
  withinSeconds: number
  /** Paths in the container that were copied there: a new container needs them too. */
  files: string[]
  /** Why there cannot be two of it. */
  single?: string
}

const DEFAULT_STARTABLE: Startable = { withinSeconds: 120, files: [] }
const ONE_OFF_LIMIT_SECONDS = 300
/** Docker's own where the container has none. */
const GRACE_SECONDS = 10

/** @param absent the roles that do not run because somebody here has ended them */
export function containerVerbs(environment: Environment, absent: Set<Role>, signal: AbortSignal): Verbs {
  const { services } = environment
  const { roles, upgrade } = environment.handle as unknown as ContainersHandle
  const before = new Map<Role, string[]>()
  const startable = (role: Role) => roles[role] ?? DEFAULT_STARTABLE
  const container = async (role: Role) => (await docker()).getContainer(idOf(services[role], role))
  const isReady = async (id: string, role: Role) => {
    const found = (await docker()).getContainer(id)
    await waitUntilReady(found, { role, signal, ...startable(role) })
    return found.inspect()
  }
  const refresh = async (role: Role, inspection: Inspection) => {
    putServices(environment, [await describedAs(services[role] as Service, inspection)])
  }

  /** A new container in the place of a role's, on the same volumes. */
  const replace = async (role: Role, env?: string[]) => {
    const old = await container(role)
    const inspection = await old.inspect()
    await old.stop().catch(unlessStopped)
    await old.rename({ name: `${inspection.Name.slice(1)}-gone` })
    const id = await clone(inspection, { name: inspection.Name.slice(1), env, files: startable(role).files })
    await removeContainer(old.id)
    await refresh(role, await isReady(id, role))
  }

  const deploy = async (env: (role: Role, inspection: Inspection) => string[] | undefined) => {
    await repeatOneOffs(environment)
    const deployed = Object.values(services).filter(({ role, ownImage }) => ownImage || role in upgrade)
    await Promise.all(
      deployed.map(async ({ role }) => replace(role, env(role, await (await container(role)).inspect()))),
    )
  }

  return {
    impossible: Object.keys(upgrade).length
      ? {}
      : { upgrade: 'parity.yaml has no upgrade for it', rollback: 'there is nothing to go back to' },

    stop: (role) => end(role, async () => (await container(role)).stop().catch(unlessStopped)),
    kill: (role) => end(role, async () => (await container(role)).kill({ signal: 'SIGKILL' })),

    start: async (role) => {
      const found = await container(role)
      await found.start().catch(unlessStopped)
      await refresh(role, await isReady(found.id, role))
      absent.delete(role)
    },

    scale: async (role, replicas) => {
      const { single } = startable(role)
      if (single && replicas > 1) throw new Error(`there cannot be ${replicas} of ${role}: ${single}`)
      const original = await (await container(role)).inspect()
      const found = (await containersOf(environment, role)).filter(({ Id }) => Id !== original.Id)
      await Promise.all(found.slice(replicas - 1).map(({ Id }) => removeContainer(Id)))
      const kept = found.slice(0, replicas - 1)
      const added = await Promise.all(
        Array.from({ length: replicas - 1 - kept.length }, async (_, index) => {
          const name = `${original.Name.slice(1)}-replica-${kept.length + index + 2}`
          return isReady(await clone(original, { name, files: startable(role).files }), role)
        }),
      )
      const service = services[role] as Service
      const others = await Promise.all([...kept, ...added].map((each) => describedAs(service, each)))
      remember(environment, others)
      return [service, ...others]
    },

    redeploy: () => deploy(() => undefined),

    upgrade: () =>
      deploy((role, { Config }) => {
        before.set(role, Config.Env)
        return withVariables(Config.Env, upgrade[role] ?? {})
      }),

    rollback: () => deploy((role) => before.get(role)),

    reinstall: async () => {
      const own = Object.values(services).filter(({ ownImage }) => ownImage)
      const others = Object.values(services).filter(({ ownImage }) => !ownImage)
      for (const group of [own, others]) {
        await Promise.all(group.map(async ({ role }) => (await container(role)).stop().catch(unlessStopped)))
      }
      await Promise.all(others.map(({ role }) => replace(role)))
      await repeatOneOffs(environment)
      await Promise.all(own.map(({ role }) => replace(role)))
    },

    checkHealth: async (role) => {
      const { Config, Id } = await (await container(role)).inspect()
      return Config.Healthcheck?.Test && Config.Healthcheck.Test[0] !== 'NONE'
        ? [await runHealthcheck(Id, Config.Healthcheck)]
        : []
    },

    instances: async (role) => (await containersOf(environment, role)).map(instance),

    mounts: async (role) => {
      const { Mounts } = await (await container(role)).inspect()
      return Mounts.filter(({ Type }) => Type === 'bind').map(({ Source, Destination }) => ({
        host: Source,
        path: Destination,
      }))
    },
  }

  async function end(role: Role, how: () => Promise<unknown>): Promise<Ending> {
    absent.add(role)
    const found = await container(role)
    const { StopTimeout } = (await found.inspect()).Config as { StopTimeout?: number }
    const graceSeconds = StopTimeout ?? GRACE_SECONDS
    const elapsedSeconds = stopwatch()
    await how()
    await found.wait()
    return { exitCode: (await found.inspect()).State.ExitCode, seconds: elapsedSeconds(), graceSeconds }
  }
}

function idOf(service: Service | undefined, role: Role): string {
  if (!service) throw new Error(`there is no service ${role} here`)
  return service.exec.at(-1) as string
}

function describedAs(service: Service, inspection: Inspection): Promise<Service> {
  const image = { name: service.image, own: service.ownImage, provenance: service.provenance }
  return describeService(service.role, inspection, image, service.port ?? undefined)
}

/** The containers of a role, the oldest first. */
async function containersOf(environment: Environment, role: Role): Promise<Inspection[]> {
  const engine = await docker()
  const label = [`${ENVIRONMENT_LABEL}=${environment.id}`, `${ROLE_LABEL}=${role}`]
  const found = await engine.listContainers({ all: true, filters: { label } })
  const inspected = await Promise.all(found.map(({ Id }) => engine.getContainer(Id).inspect()))
  return inspected.sort((one, other) => one.Created.localeCompare(other.Created))
}

/** Steps such as a migration run again, one after the other in the order in which they once ran, as with every deployment. */
async function repeatOneOffs(environment: Environment): Promise<void> {
  const engine = await docker()
  const lasting = new Set(Object.values(environment.services).map(({ exec }) => exec.at(-1)))
  const label = [`${ENVIRONMENT_LABEL}=${environment.id}`]
  const ended = await engine.listContainers({ filters: { label, status: ['exited'] } })
  const inspected = await Promise.all(ended.map(({ Id }) => engine.getContainer(Id).inspect()))
  const oneOffs = inspected
    .filter(({ Id, State }) => State.ExitCode === 0 && !lasting.has(Id))
    .sort((one, other) => one.State.FinishedAt.localeCompare(other.State.FinishedAt))
  for (const { Id, Name } of oneOffs) {
    const container = engine.getContainer(Id)
    await container.start()
    const signal = AbortSignal.timeout(ONE_OFF_LIMIT_SECONDS * 1000)
    await waitUntilDone(container, { role: Name.slice(1), withinSeconds: ONE_OFF_LIMIT_SECONDS, signal })
  }
}

/** https://docs.docker.com/reference/dockerfile/#healthcheck */
const HEALTHCHECK_DEFAULTS = { timeoutSeconds: 30, retries: 3 }

/** As the engine does: in the container, by a shell where the image says so, ended when it takes too long. */
function runHealthcheck(
  id: string,
  { Test, Timeout, Retries }: NonNullable<Inspection['Config']['Healthcheck']>,
): Promise<HealthCheck> {
  const [form, ...words] = Test ?? []
  const command = form === 'CMD-SHELL' ? ['sh', '-c', ...words] : words
  return runCheck({
    name: 'health',
    words,
    command: ['docker', 'exec', id, ...command],
    timeoutSeconds: Timeout ? Timeout / 1e9 : HEALTHCHECK_DEFAULTS.timeoutSeconds,
    threshold: Retries || HEALTHCHECK_DEFAULTS.retries,
  })
}

function instance({ Name, State, RestartCount }: Inspection): Instance {
  const health = State.Health?.Status
  return {
    name: Name.slice(1),
    running: State.Running,
    healthy: health && health !== 'none' ? health === 'healthy' : null,
    restarts: RestartCount,
    exitCode: State.Running ? null : State.ExitCode,
  }
}

/** 304: it is already in the state that was asked for. */
function unlessStopped(error: { statusCode?: number }): void {
  if (error.statusCode !== 304) throw error
}
