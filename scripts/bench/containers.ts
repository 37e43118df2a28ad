/** An environment of containers as one starts it by hand: `docker run` for each service, side by side where order allows. */
import type { ContainersSpec } from '../../harness/config/schema.ts'
import { exec } from '../../harness/exec.ts'
import { waitFor } from '../../harness/poll.ts'
import type { ByHand } from './by-hand.ts'

const NETWORK = 'parity-bench'
const READY_WITHIN_SECONDS = 120

type ServiceSpec = ContainersSpec['services'][string]

/** @param images the references of the images that the project builds, by their names in parity.yaml */
export function containersByHand(spec: ContainersSpec, images: Record<string, string>): ByHand {
  const container = (role: string) => `${NETWORK}-${role}`
  const volume = (name: string) => `${NETWORK}-${name}`
  const volumes = [...new Set(Object.values(spec.services).flatMap(({ volumes }) => Object.values(volumes)))].map(
    volume,
  )

  const run = async (name: string, service: ServiceSpec, options: string[], command: string[] | undefined) => {
    const { image, environment, health } = choose(service, images)
    await exec([
      ...['docker', 'run', '--name', container(name), '--network', NETWORK, '--network-alias', name, ...options],
      ...Object.entries({ ...environment, ...service.env }).flatMap(([key, value]) => [
        '--env',
        `${key}=${fill(value, spec)}`,
      ]),
      ...Object.entries(service.volumes).flatMap(([target, source]) => ['--volume', `${volume(source)}:${target}`]),
      ...(health ? ['--health-cmd', health, '--health-interval', '250ms', '--health-retries', '1000'] : []),
      image,
      ...(command ?? []),
    ])
  }

  const up = async () => {
    await Promise.all([
      exec(['docker', 'network', 'create', NETWORK]),
      ...volumes.map((name) => exec(['docker', 'volume', 'create', name])),
    ])
    const started = new Map<string, Promise<void>>()
    const start = (name: string): Promise<void> => {
      const known = started.get(name)
      if (known) return known
      const [service, step] = [spec.services[name], spec.steps[name]]
      const starting = (async () => {
        await Promise.all((service ?? step)?.needs.map(start) ?? [])
        if (step) await run(name, spec.services[step.service] as ServiceSpec, ['--rm'], step.command)
        if (!service) return
        const port = service.port ?? (service.postgres ? 5432 : service.redis ? 6379 : undefined)
        await run(name, service, ['--detach', ...(port ? ['--publish', `127.0.0.1::${port}`] : [])], service.command)
        await waitUntilReady(container(name), service)
      })()
      started.set(name, starting)
      return starting
    }
    await Promise.all([...Object.keys(spec.services), ...Object.keys(spec.steps)].map(start))
  }

  const down = async () => {
    await exec(['docker', 'rm', '--force', '--volumes', ...Object.keys(spec.services).map(container)])
    await Promise.all([
      exec(['docker', 'network', 'rm', NETWORK]),
      ...(volumes.length ? [exec(['docker', 'volume', 'rm', ...volumes])] : []),
    ])
  }
  return {
    up,
    down,
    [Symbol.asyncDispose]: async () => {
      const names = [...Object.keys(spec.services), ...Object.keys(spec.steps)].map(container)
      await exec(['docker', 'rm', '--force', '--volumes', ...names], { accept: 'any' })
      await exec(['docker', 'network', 'rm', NETWORK], { accept: 'any' })
      await exec(['docker', 'volume', 'rm', ...volumes], { accept: 'any' })
    },
  }
}

function choose(service: ServiceSpec, images: Record<string, string>) {
  if (service.postgres) {
    const { image, database, username, password } = service.postgres
    const environment = { POSTGRES_DB: database, POSTGRES_USER: username, POSTGRES_PASSWORD: password }
    // As @testcontainers/postgresql asks.
    return { image, environment, health: `pg_isready --host localhost --username ${username} --dbname ${database}` }
  }
  const name = service.redis?.image ?? (service.image as string)
  return { image: images[name] ?? name, environment: {}, health: undefined }
}

/** What the harness waits for as well: the health check where there is one, for Redis its own words. */
async function waitUntilReady(container: string, service: ServiceSpec): Promise<void> {
  const look = service.redis ? ['logs', container] : ['inspect', '--format', '{{.State.Health.Status}}', container]
  const ready = service.redis ? /Ready to accept connections/ : /^healthy$/
  await waitFor({
    what: `${container} to be ready`,
    withinSeconds: READY_WITHIN_SECONDS,
    everySeconds: 0.1,
    check: async () => ready.test((await exec(['docker', ...look])).stdout) || undefined,
  })
}

/** `${database.host}` and `${database.port}`. */
function fill(value: string, { services }: ContainersSpec): string {
  return value.replace(/\$\{([a-z][a-z0-9-]*)\.(host|port)\}/g, (_, role: string, what: string) =>
    what === 'host' ? role : String(services[role]?.port ?? (services[role]?.postgres ? 5432 : 6379)),
  )
}
