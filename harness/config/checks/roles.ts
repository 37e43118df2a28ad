/** Every role that a probe asks for is there in every environment. */
import { didYouMean } from '../nearest.ts'
import { dotted, type Finding, type Path } from '../problem.ts'
import type { EnvironmentSpec, ParityFile } from '../schema.ts'
import { composeServices } from './compose.ts'
import type { Subject } from './index.ts'
import { requestsOf } from './requests.ts'

export function* checkRoles(subject: Subject): Generator<Finding> {
  const environments = Object.entries(subject.settings.environments)
  for (const [role, asked] of Map.groupBy(rolesAsked(subject.settings), ({ role }) => role)) {
    const lacking = environments.flatMap(([name, environment]) => {
      const known = rolesIn(environment, name, subject)
      if (!known || known.roles.includes(role)) return []
      const services = `${known.called}: ${known.services.join(', ')}${didYouMean(role, known.roles)}`
      return `${name} has no service of that name (${services}); ${known.remedy} environments.${name}.services`
    })
    const others = asked.length - 1
    const elsewhere = others === 0 ? '' : others === 1 ? ' and in one other place' : ` and in ${others} other places`
    if (lacking.length > 0) {
      yield {
        path: (asked[0] as Use).path,
        message: `role ${role} is asked for here${elsewhere}, but ${lacking.join('; ')}`,
      }
    }
    const http = asked.find((use) => use.overHttp)
    if (http) yield* checkPorts(subject, http)
  }
}

/** Compose publishes ports by itself; a container has those that are written down. */
function* checkPorts({ settings, written, inFile }: Subject, { role, path }: Use): Generator<Finding> {
  for (const [name, environment] of Object.entries(settings.environments)) {
    const service = ['environments', name, 'services', role]
    if (
      environment.kind !== 'containers' ||
      !Object.hasOwn(environment.services, role) ||
      written(service).includes('port')
    )
      continue
    yield { path: service, message: `has no port, but ${dotted(inFile(path))} asks it over HTTP`, part: 'key' }
  }
}

interface Use {
  role: string
  path: Path
  overHttp?: boolean
}

function* rolesAsked(settings: ParityFile): Generator<Use> {
  const { assets, celery, process, packages, data, prepare } = settings
  for (const [index, { role }] of prepare.entries()) yield { role, path: ['prepare', index, 'role'] }
  for (const { request, path } of requestsOf(settings)) {
    yield { role: request.role, path: [...path, 'role'], overHttp: true }
  }
  for (const [index, { role }] of (assets?.pages ?? []).entries()) {
    yield { role, path: ['assets', 'pages', index, 'role'], overHttp: true }
  }
  for (const part of ['worker', 'beat', 'publisher'] as const) {
    const role = celery?.[part]
    if (role) yield { role, path: ['celery', part] }
  }
  for (const [index, role] of (process?.roles ?? []).entries()) yield { role, path: ['process', 'roles', index] }
  for (const language of ['python', 'node'] as const) {
    for (const role of Object.keys(packages?.[language] ?? {})) yield { role, path: ['packages', language, role] }
  }
  for (const store of ['postgres', 'redis'] as const) {
    const role = data?.[store]?.role
    if (role) yield { role, path: ['data', store, 'role'] }
  }
}

interface Known {
  roles: string[]
  /** What a reader finds under these names. */
  services: string[]
  called: string
  remedy: string
}

/** Undefined when it cannot be told which roles an environment has. */
export function rolesIn(environment: EnvironmentSpec, name: string, subject: Subject): Known | undefined {
  const named = subject.written(['environments', name, 'services'])
  if (environment.kind === 'containers')
    return { roles: named, services: named, called: 'services', remedy: 'add it under' }
  const services = composeServices(environment, subject.directory)
  if (!services) return undefined
  return { roles: [...services, ...named], services, called: 'compose services', remedy: 'map it under' }
}
