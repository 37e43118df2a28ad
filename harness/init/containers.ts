/** The production images beside the stores that they need: the environment `production`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { equal } from '../compare/json.ts'
import type { Json } from '../model.ts'
import { productionVariables } from './environment.ts'
import type { Image } from './images.ts'
import type { Note, Path } from './notes.ts'
import { asName } from './roles.ts'
import { type Found, servesHttp } from './services.ts'

type Section = { [key: string]: Json }

/** What stands in parity.yaml for an image. */
export function imageSections(services: Found[], at: Path): { images: Section; notes: Note[] } {
  const built = [...new Set(services.flatMap(({ builds }) => (builds ? [builds] : [])))]
  const section = ({ context, file, target, args }: Image): Section => ({
    context,
    ...(file !== (context === '.' ? 'Dockerfile' : `${context}/Dockerfile`) && { file }),
    ...(target !== undefined && { target }),
    ...(Object.keys(args).length && { args }),
  })
  return {
    images: Object.fromEntries(built.map((image) => [image.name, section(image)])),
    notes: built.map(({ name, why }) => ({ path: [...at, 'images', name], text: `Guess: ${why}.` })),
  }
}

export function containersEnvironment(
  folder: string,
  services: Found[],
  at: Path,
): { section: Section; notes: Note[] } {
  const roles = new Map(services.map(({ name, role }) => [name, role]))
  const { images, notes } = imageSections(services, at)
  const lasting = services.filter(({ oneOff }) => !oneOff)
  const steps: Section = {}
  for (const service of services.filter(({ oneOff }) => oneOff)) {
    const alike = lasting.filter(({ builds }) => builds && builds === service.builds)
    const like = alike.find(({ role }) => role === 'web') ?? alike[0]
    if (!like) continue
    steps[service.role] = { service: like.role, command: service.command, needs: needsOf(service, services) }
    notes.push({ path: [...at, 'steps', service.role], text: `As the compose file's one-off service ${service.name}.` })
  }
  if (Object.keys(steps).length === 0) {
    // Other roles of the image may lack a variable, as compose files have no need of it there.
    const migrations = lasting.map((service) => migrationOf(folder, service)).filter((each) => each !== undefined)
    const migration = migrations.find(({ service }) => service === 'web') ?? migrations[0]
    if (migration) {
      steps.migrate = {
        ...migration,
        needs: lasting.filter(({ role }) => role === 'database').map(({ role }) => role),
      }
      notes.push({ path: [...at, 'steps', 'migrate'], text: 'Guess: the migrations of the framework.' })
    }
  }
  const sections: Section = {}
  const section = {
    kind: 'containers',
    images,
    services: sections,
    ...(Object.keys(steps).length > 0 && { steps }),
  }
  const shared = new Map<string, Json>()
  const told = new Set<string>()
  for (const service of lasting) {
    const { role, builds, name } = service
    const path = [...at, 'services', role]
    const store = storeOf(service)
    if (store) {
      sections[role] = { ...store, ...aliases(service) }
      notes.push({ path, text: `Guess: by its image, the compose service ${name}.` })
      continue
    }
    const { env, changes } = productionVariables(service.environment, { folder, image: builds, roles })
    const text = JSON.stringify(env)
    const sharedEnv = shared.get(text) ?? env
    shared.set(text, sharedEnv)
    const command = commandOf(service, lasting)
    const needs = [...needsOf(service, services), ...migrationsOf(service, services, Object.keys(steps))]
    sections[role] = {
      image: builds?.name ?? service.image ?? '',
      ...(command && { command }),
      ...(service.port !== undefined && { port: service.port }),
      ...(Object.keys(env).length && { env: sharedEnv }),
      ...(Object.keys(service.volumes).length && {
        volumes: Object.fromEntries(
          Object.entries(service.volumes).map(([target, volume]) => [target, asName(volume)]),
        ),
      }),
      ...aliases(service),
      ...readiness(service),
      ...(needs.length && { needs: [...new Set(needs)] }),
    }
    if (role !== name) notes.push({ path, text: `Guess: what the compose service ${name} is for.` })
    if (changes.length && !told.has(changes.join())) {
      told.add(changes.join())

      notes.push({ path: [...path, 'env'], text: `Guess for production: ${changes.join('; ')}.` })
    }
    if (command) notes.push({ path: [...path, 'command'], text: 'As in the compose file.' })
  }
  return { section, notes }
}

function storeOf({ role, builds, image, environment, command }: Found): Section | undefined {
  if (builds || !image) return undefined
  if (role === 'database') {
    const { POSTGRES_USER: username = 'postgres', POSTGRES_PASSWORD: password = 'postgres' } = environment
    return { postgres: { image, database: environment.POSTGRES_DB ?? username, username, password } }
  }
  if (role !== 'cache') return undefined
  const password = command[command.indexOf('--requirepass') + 1]
  return { redis: { image, ...(command.includes('--requirepass') && password && { password }) } }
}

/** What code and configuration may know it as. */
function aliases({ name, role }: Found): Section {
  return name === role ? {} : { aliases: [name] }
}

/** The image of production says itself how it serves; the other roles of one image are told apart by their commands. */
function commandOf(service: Found, services: Found[]): string[] | undefined {
  const { command, builds } = service
  if (command.length === 0) return undefined
  // An entrypoint that development has as well takes a command, as it is given one there.
  const own = builds?.stage.entrypoint?.argv
  const says = builds?.stage.command ?? (equal(own, builds?.development?.entrypoint?.argv) ? undefined : own)
  const served = services.filter((other) => other.builds === builds && servesHttp(other))
  const main = served.find(({ role }) => role === 'web') ?? served[0]
  return builds && service === main && says ? undefined : command
}

/** Of stores that the project builds itself. */
const PORTS: Record<string, number> = { database: 5432, cache: 6379 }

function readiness(service: Found): Section {
  const { builds, healthPath, role } = service
  const port = service.port ?? PORTS[role]
  if (!builds || port === undefined || builds.stage.healthCheck) return {}
  return { ready: healthPath ? { http: healthPath } : { listening: port } }
}

/** Steps of its own image that come to it by no `depends_on`. */
function migrationsOf({ builds }: Found, services: Found[], steps: string[]): string[] {
  if (!builds) return []
  return steps.filter((step) => {
    const service = services.find(({ role, oneOff }) => oneOff && role === step)
    return service ? service.builds === builds : builds.stage.base.includes('python')
  })
}

function needsOf(service: Found, services: Found[]): string[] {
  return Object.keys(service.dependsOn).flatMap((on) => {
    const other = services.find(({ name }) => name === on)
    return other ? [other.role] : []
  })
}

/** How its framework makes the tables of the database. */
export function migrationOf(folder: string, { builds, role }: Found): Section | undefined {
  if (!builds) return undefined
  const has = (file: string) => existsSync(join(folder, builds.context, file))
  if (has('manage.py')) return { service: role, command: ['python', 'manage.py', 'migrate', '--noinput'] }
  return has('alembic.ini') ? { service: role, command: ['alembic', 'upgrade', 'head'] } : undefined
}
