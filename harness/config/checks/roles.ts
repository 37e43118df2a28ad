/** Every role that a probe asks for is there in every environment. */
import { didYouMean } from '../nearest.ts'
import { dotted, type Finding, type Path } from '../problem.ts'
import type { EnvironmentSpec, ParityFile } from '../schema.ts'
import { composeServices } from './compose.ts'
import type { Subject } from './index.ts'
import { requestsOf } from './requests.ts'

export function* checkRoles(subject: Subject): Generator<Finding> {
  const { settings, inFile } = subject
  const uses = Map.groupBy(rolesAsked(settings), ({ role }) => role)
  for (const [name, environment] of Object.entries(settings.environments)) {
    const known = rolesIn(environment, name, subject)
    if (!known) continue
    for (const [role, asked] of uses) {
      const [first] = asked as [Use, ...Use[]]
      const askedBy = `${dotted(inFile(first.path))}${asked.length > 1 ? ` (and ${asked.length - 1} more)` : ''}`
      if (!known.roles.includes(role)) {
        yield {
          path: first.path,
          message: `role ${role} is asked for by ${askedBy} but ${name} has no service of that name (${known.called}: ${known.roles.join(', ')})${didYouMean(role, known.roles)}; ${known.remedy} environments.${name}.services`,
        }
        continue
      }
      const http = asked.find((use) => use.overHttp)
      const at = ['environments', name, 'services', role]
      if (http && environment.kind === 'containers' && !subject.written(at).includes('port')) {
        yield { path: at, message: `has no port, but ${dotted(inFile(http.path))} asks it over HTTP`, part: 'key' }
      }
    }
  }
}

interface Use {
  role: string
  path: Path
  overHttp?: boolean
}

export function* rolesAsked(settings: ParityFile): Generator<Use> {
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
  called: string
  remedy: string
}

/** Undefined when it cannot be told which roles an environment has. */
export function rolesIn(environment: EnvironmentSpec, name: string, subject: Subject): Known | undefined {
  const named = subject.written(['environments', name, 'services'])
  if (environment.kind === 'containers') return { roles: named, called: 'services', remedy: 'add it under' }
  const services = composeServices(environment, subject.directory)
  if (!services) return undefined
  return { roles: [...new Set([...services, ...named])], called: 'compose services', remedy: 'map it under' }
}
