/** What parity.yaml is written about: the project's services, each with its role and its image in production. */
import { join } from 'node:path'
import type { Role } from '../model.ts'
import { remembered, textFilesIn } from '../static/files.ts'
import { isMigration, scriptsIn } from '../static/script.ts'
import type { Stage } from '../static/stage.ts'
import type { ComposeService } from './compose.ts'
import { pathIn } from './health.ts'
import { type Image, imagesOf } from './images.ts'
import { asName, rolesOf } from './roles.ts'

export interface Found extends ComposeService {
  role: Role
  /** Absent for what the project does not build. */
  builds?: Image
  /** A command that comes to an end, such as a migration. */
  oneOff: boolean
  /** The port of the production image. */
  port?: number
  healthPath?: string
}

const ONE_OFF = /\bmigrate\b|alembic upgrade|collectstatic|loaddata|\bseed\b|createbuckets/

/**
 * Leaves out what stands behind a profile and is neither built here nor a store: tools for developers.
 * @param known roles of services by their names, from another compose file of the project
 */
export function servicesOf(folder: string, services: ComposeService[], known = new Map<string, Role>()): Found[] {
  const builds = services.flatMap(({ name, build }) => (build ? [[name, build] as [string, typeof build]] : []))
  const images = imagesOf(folder, builds)
  const awaited = new Set(
    services.flatMap(({ dependsOn }) =>
      Object.entries(dependsOn).flatMap(([on, condition]) =>
        condition === 'service_completed_successfully' ? [on] : [],
      ),
    ),
  )
  const builtAs = ({ build }: ComposeService) => build && images.get(build.file)
  const filesIn = filesOf(folder)
  const ports = new Map(services.map((service) => [service, portsOf(service, builtAs(service), filesIn)]))
  const clues = services.map((service) => ({
    name: service.name,
    image: (service.build ? builtAs(service)?.stage.base : service.image) ?? '',
    command: service.command,
    own: service.build !== undefined,
    serves: (ports.get(service) ?? []).length > 0,
  }))
  const isOneOff = ({ name, command, ports }: ComposeService) =>
    awaited.has(name) || (ports.length === 0 && ONE_OFF.test(command.join(' ')))
  const lasting = clues.filter((_, index) => !isOneOff(services[index] as ComposeService))
  const roles = rolesOf(lasting, known)
  return services
    .map((service) => {
      const builds = builtAs(service)
      const [port] = ports.get(service) ?? []
      return {
        ...service,
        role: roles.get(service.name) ?? asName(service.name),
        ...(builds && { builds }),
        oneOff: isOneOff(service),
        port,
        healthPath: pathIn(service.healthCheck) ?? pathIn(builds?.stage.healthCheck ?? []),
      }
    })
    .filter(({ profiles, build, role }) => profiles.length === 0 || build || isStore(role))
}

export type Files = (context: string) => Map<string, string>

/** The texts of a build context of the project, read once. */
export function filesOf(folder: string): Files {
  return remembered((context) => textFilesIn(join(folder, context)))
}

/** Of the production image, the likeliest first: where its command binds, what it exposes, what compose publishes. */
function portsOf(service: ComposeService, image: Image | undefined, filesIn: Files): number[] {
  const { ports, command } = service
  const exposed = ports.length ? (image?.stage.ports ?? []) : []
  // Others than the server have their own command in every environment.
  const stage = image && ports.length === 0 && command.length ? { ...image.stage, command: undefined } : image?.stage
  const bound = stage ? startTexts(service, stage, filesIn).flatMap((text) => boundIn(text) ?? []) : []
  return [...bound, ...exposed, ...ports]
}

/**
 * What a service starts with: its words, and the shell scripts of the project among them.
 * @param stage a command of its own goes before that of the compose file
 */
function startTexts({ command, build }: ComposeService, stage: Stage, filesIn: Files): string[] {
  const argv = [...(stage.entrypoint?.argv ?? []), ...(stage.command?.argv ?? command)]
  const scripts = scriptsIn(argv, stage, filesIn(build?.context ?? '.'))
  return [argv.join(' '), ...scripts.map(({ text }) => text)]
}

/** Whether the database gets its tables when the compose file is brought up. */
export function migrates(folder: string, services: Found[]): boolean {
  const filesIn = filesOf(folder)
  return services.some((service) => {
    const development = service.builds?.development
    const stage = development && { ...development, command: service.command.length ? undefined : development.command }
    return stage && startTexts(service, stage, filesIn).some(isMigration)
  })
}

/** `--bind 0.0.0.0:5000`, `-b :5000`, `--port 5000`; `${PORT:-5000}` is what it is by default. */
function boundIn(text: string): number | undefined {
  const withDefaults = text.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1')
  const [, port] = /(?:(?:--bind|-b)[ =]\S*:|--port[ =]|\b0\.0\.0\.0:)(\d{2,5})\b/.exec(withDefaults) ?? []
  return port === undefined ? undefined : Number(port)
}

/** Whether it speaks HTTP: it is built here, serves something, and is asked by others than its own kind. */
export function servesHttp({ builds, port, oneOff, role }: Found): boolean {
  return builds !== undefined && port !== undefined && !oneOff && !isStore(role)
}

export function isStore(role: Role): boolean {
  return role === 'database' || role === 'cache'
}
