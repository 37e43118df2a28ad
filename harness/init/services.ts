/** What parity.yaml is written about: the project's services, each with its role and its image in production. */
import type { Role } from '../model.ts'
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

/** Leaves out what stands behind a profile and is neither built here nor a store: tools for developers. */
export function servicesOf(folder: string, services: ComposeService[]): Found[] {
  const builds = services.flatMap(({ name, build }) => (build ? [[name, build] as [string, typeof build]] : []))
  const images = imagesOf(folder, builds)
  const awaited = new Set(
    services.flatMap(({ dependsOn }) =>
      Object.entries(dependsOn).flatMap(([on, condition]) =>
        condition === 'service_completed_successfully' ? [on] : [],
      ),
    ),
  )
  const clues = services.map((service) => ({
    name: service.name,
    image: (service.build ? images.get(service.build.file)?.stage.base : service.image) ?? '',
    command: service.command,
    own: service.build !== undefined,
    serves: service.ports.length > 0,
  }))
  const isOneOff = ({ name, command, ports }: ComposeService) =>
    awaited.has(name) || (ports.length === 0 && ONE_OFF.test(command.join(' ')))
  const lasting = clues.filter((_, index) => !isOneOff(services[index] as ComposeService))
  const roles = rolesOf(lasting)
  return services
    .map((service) => {
      const builds = service.build && images.get(service.build.file)
      const [port] = [...(service.ports.length ? (builds?.stage.ports ?? []) : []), ...service.ports]
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

/** Whether it speaks HTTP: it is built here, serves something, and is asked by others than its own kind. */
export function servesHttp({ builds, port, oneOff, role }: Found): boolean {
  return builds !== undefined && port !== undefined && !oneOff && !isStore(role)
}

export function isStore(role: Role): boolean {
  return role === 'database' || role === 'cache'
}
