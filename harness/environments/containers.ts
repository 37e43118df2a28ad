/** The project's images beside PostgreSQL and Redis, started through Testcontainers on one network. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { PostgreSqlContainer } from '@testcontainers/postgresql'
import { RedisContainer } from '@testcontainers/redis'
import type Dockerode from 'dockerode'
import { GenericContainer, type WaitStrategy } from 'testcontainers'
import type { ContainersSpec, Readiness } from '../config/schema.ts'
import { exec } from '../exec.ts'
import type { Service } from '../model.ts'
import type { Adapter, UpContext } from './adapter.ts'
import type { ContainersHandle } from './container-verbs.ts'
import { describeService, docker, learnSecrets } from './docker.ts'
import { type BuiltImage, buildImages } from './images.ts'
import { labels, ROLE_LABEL } from './ownership.ts'
import { raise, running } from './raise.ts'
import { waitUntilDone, waitUntilReady } from './ready.ts'
import { fillerOfServices } from './values.ts'

type ServiceSpec = ContainersSpec['services'][string]
type StepSpec = ContainersSpec['steps'][string]

export const containers: Adapter<ContainersSpec> = { up, attach: (environment) => running(environment) }

function up(spec: ContainersSpec, context: UpContext) {
  return raise(spec, context, async (environmentId, built) => {
    const images = await buildImages(spec.images, context)
    built()
    const run: Run = { spec, context, images, environmentId, labels: labels(environmentId, context.keep) }
    await createNetworkAndVolumes(run)
    return { services: await startInOrder(run), handle: handleOf(spec) }
  })
}

function handleOf({ services, upgrade }: ContainersSpec): ContainersHandle {
  const roles = Object.entries(services).map(([role, { ready, redis, readyTimeoutSeconds, files }]) => [
    role,
    {
      readiness: ready ?? (redis && REDIS_READY),
      withinSeconds: readyTimeoutSeconds,
      files: Object.keys(files),
    },
  ])
  return { roles: Object.fromEntries(roles), upgrade }
}

interface Run {
  spec: ContainersSpec
  context: UpContext
  images: Record<string, BuiltImage>
  environmentId: string
  labels: Record<string, string>
}

async function createNetworkAndVolumes({ spec, environmentId, labels }: Run): Promise<void> {
  const labelArguments = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])
  const volumes = new Set(Object.values(spec.services).flatMap(({ volumes }) => Object.values(volumes)))
  await Promise.all([
    exec(['docker', 'network', 'create', ...labelArguments, environmentId]),
    ...[...volumes].map((name) => exec(['docker', 'volume', 'create', ...labelArguments, `${environmentId}-${name}`])),
  ])
}

/** Starts everything side by side; each service and step only waits for what it needs. */
async function startInOrder(run: Run): Promise<Record<string, Service>> {
  const { services, steps } = run.spec
  const started = new Map<string, Promise<Service | undefined>>()
  const failed = new AbortController()
  const signal = AbortSignal.any([run.context.signal, failed.signal])
  const start = (name: string): Promise<Service | undefined> => {
    let promise = started.get(name)
    if (!promise) {
      const [service, step] = [services[name], steps[name]]
      promise = (async () => {
        await Promise.all((service ?? step)?.needs.map(start) ?? [])
        signal.throwIfAborted()
        run.context.progress(step ? `running ${name}` : `starting ${name}`)
        return service ? startService(name, service, run, signal) : runStep(name, step as StepSpec, run, signal)
      })()
      promise.catch((error) => failed.abort(error))
      started.set(name, promise)
    }
    return promise
  }
  // Whatever fails, wait for the others to stop: what they still create has to be there when it is removed.
  await Promise.allSettled([...Object.keys(services), ...Object.keys(steps)].map(start))
  signal.throwIfAborted()
  const entries = await Promise.all(
    Object.keys(services).map(async (role) => [role, (await start(role)) as Service] as const),
  )
  return Object.fromEntries(entries)
}

async function startService(role: string, service: ServiceSpec, run: Run, signal: AbortSignal): Promise<Service> {
  const { container, image, ready } = await configure(service, run)
  const readiness = service.ready ?? ready
  container.withLabels({ [ROLE_LABEL]: role })
  const started = await launch(container, run, [role, ...service.aliases], service.stopTimeoutSeconds, (created) =>
    waitUntilReady(created, { role, withinSeconds: service.readyTimeoutSeconds, signal, readiness }),
  )
  const inspection = await started.inspect()
  learnSecrets(inspection, run.context.redactor)
  return describeService(role, inspection, image, service.port)
}

async function runStep(name: string, step: StepSpec, run: Run, signal: AbortSignal): Promise<undefined> {
  const service = run.spec.services[step.service] as ServiceSpec
  const oneOff = {
    ...service,
    // Not the database's or the broker's own module: it publishes a port, which a quick step is too short-lived for.
    image: service.image ?? service.postgres?.image ?? service.redis?.image,
    postgres: undefined,
    redis: undefined,
    port: undefined,
    env: { ...service.env, ...step.env },
    command: step.command,
  }
  const { container } = await configure(oneOff, run)
  await launch(container, run, [name], service.stopTimeoutSeconds, (created) =>
    waitUntilDone(created, { role: name, withinSeconds: step.timeoutSeconds, signal }),
  )
}

/**
 * Starts a container and waits as `until` says. This stands beside Testcontainers' own waiting, which takes ten seconds
 * to notice that a container with ports has exited and does not say with which exit code and last lines.
 */
async function launch(
  container: GenericContainer,
  run: Run,
  aliases: string[],
  stopTimeoutSeconds: number,
  until: (created: Dockerode.Container) => Promise<void>,
): Promise<Dockerode.Container> {
  const engine = await docker()
  const created = Promise.withResolvers<string>()
  confine(container, run, { aliases, stopTimeoutSeconds }, created.resolve)
  const started = container.withWaitStrategy(noWait).start()
  started.catch(created.reject)
  const handle = engine.getContainer(await created.promise)
  await Promise.all([started, until(handle)])
  return handle
}

async function configure(service: ServiceSpec, run: Run): Promise<Choice> {
  const { container, image, ready } = choose(service, run)
  const fill = fillerOfServices(run.spec)
  const environment = Object.entries(service.env).map(([name, value]) => [name, fill(value)])
  container
    .withEnvironment(Object.fromEntries(environment))
    .withPullPolicy({ shouldPull: () => false })
    .withAutoRemove(false)
  if (service.command) container.withCommand(service.command)
  if (service.entrypoint) container.withEntrypoint(service.entrypoint)
  if (service.user) container.withUser(service.user)
  if (service.workdir) container.withWorkingDir(service.workdir)
  if (service.port) container.withExposedPorts(service.port)
  for (const [target, file] of Object.entries(service.files)) {
    const source = resolve(run.context.directory, file)
    if ((await stat(source)).isDirectory()) container.withCopyDirectoriesToContainer([{ source, target }])
    else container.withCopyFilesToContainer([{ source, target }])
  }
  container.withBindMounts(
    Object.entries(service.volumes).map(([target, name]) => ({ source: `${run.environmentId}-${name}`, target })),
  )
  return { container, image, ready }
}

/** As @testcontainers/redis waits. */
const REDIS_READY = { log: 'Ready to accept connections' }

/** Over TCP: while the data directory is set up, the server listens on its socket alone. The module's own tells the password. */
const POSTGRES_HEALTH = {
  test: ['CMD', 'pg_isready', '--quiet', '--host=127.0.0.1'] as ['CMD', ...string[]],
  interval: 30_000,
  timeout: 5000,
  retries: 3,
  startPeriod: 120_000,
}
/** Of a health check with a start period, until it passes once (Docker Engine 25; an older one waits a whole interval). */
const START_INTERVAL_NANOSECONDS = 500_000_000

interface Choice {
  container: GenericContainer
  image: { name: string; own: boolean; provenance?: string }
  ready?: Readiness
}

function choose(service: ServiceSpec, { images, context }: Run): Choice {
  if (service.postgres) {
    const { image, database, username, password } = service.postgres
    const container = new PostgreSqlContainer(image)
      .withDatabase(database)
      .withUsername(username)
      .withPassword(password)
      .withHealthCheck(POSTGRES_HEALTH)
    return { container, image: { name: image, own: false } }
  }
  if (service.redis) {
    const container = new RedisContainer(service.redis.image)
    if (service.redis.password) {
      context.redactor.learn(service.redis.password) // it becomes an argument of the server
      container.withPassword(service.redis.password)
    }
    return { container, image: { name: service.redis.image, own: false }, ready: REDIS_READY }
  }
  const name = service.image as string
  const built = images[name]
  return {
    container: new GenericContainer(built?.tag ?? name),
    image: { name: built?.tag ?? name, own: built !== undefined, provenance: built?.provenance },
  }
}

/** https://docs.docker.com/reference/api/engine/version/v1.44/ */
type StartingHealthcheck = Dockerode.HealthConfig & { StartInterval?: number }

/** The parts of GenericContainer that its own subclasses use. */
interface Creation {
  createOpts: Dockerode.ContainerCreateOptions
  hostConfig: Dockerode.HostConfig
  beforeContainerCreated: () => Promise<void>
  containerCreated: (id: string) => Promise<void>
}

/**
 * Puts a container on the run's network only, and its ports on 127.0.0.1 only. Testcontainers publishes ports on all
 * addresses, and attaches a container that has network aliases to the default bridge as well. Its reaper (Ryuk) is left
 * out: it publishes a port too, and ownership.ts has to clean up after compose in any case.
 */
function confine(
  container: GenericContainer,
  { environmentId, labels }: Run,
  { aliases, stopTimeoutSeconds }: { aliases: string[]; stopTimeoutSeconds: number },
  onCreated: (id: string) => void,
): void {
  const creation = container as unknown as Creation
  container.withNetworkMode(environmentId).withLabels(labels).withAutoCleanup(false)
  creation.beforeContainerCreated = async () => {
    creation.createOpts.StopTimeout = stopTimeoutSeconds
    const check: StartingHealthcheck | undefined = creation.createOpts.Healthcheck
    if (check) check.StartInterval = START_INTERVAL_NANOSECONDS
    creation.createOpts.NetworkingConfig = { EndpointsConfig: { [environmentId]: { Aliases: aliases } } }
    for (const bindings of Object.values(creation.hostConfig.PortBindings ?? {}) as { HostIp?: string }[][]) {
      for (const binding of bindings) binding.HostIp = '127.0.0.1'
    }
  }
  creation.containerCreated = async (id) => onCreated(id)
}

const noWait: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
}
