/** Every role that a probe asks for is there in every environment that does not say it has none. */
import { didYouMean } from '../nearest.ts'
import { dotted, type Finding, type Path } from '../problem.ts'
import type { ParityFile } from '../schema.ts'
import { environmentsOf } from './environments.ts'
import type { Subject } from './index.ts'
import { requestsOf } from './requests.ts'

export function* checkRoles(subject: Subject): Generator<Finding> {
  const environments = environmentsOf(subject)
  for (const { rules, section } of environments) {
    const roles = rules.roles(section)?.roles ?? []
    for (const [index, role] of section.spec.without.entries()) {
      if (roles.includes(role))
        yield { path: [...section.at, 'without', index], message: `${role} is one of its services` }
    }
  }
  for (const [role, asked] of Map.groupBy(rolesAsked(subject.settings), ({ role }) => role)) {
    const lacking = environments.flatMap(({ name, rules, section }) => {
      const known = rules.roles(section)
      if (!known || known.roles.includes(role) || section.spec.without.includes(role)) return []
      const services = `${known.called}: ${known.services.join(', ')}${didYouMean(role, known.roles)}`
      return `${name} has no service of that name (${services}); ${known.remedy} environments.${name}.services, or under without`
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

function* checkPorts(subject: Subject, { role, path: asked }: Use): Generator<Finding> {
  for (const { rules, section } of environmentsOf(subject)) {
    const path = rules.withoutPort(section, role)
    if (!path) continue
    yield { path, message: `has no port, but ${dotted(subject.inFile(asked))} asks it over HTTP`, part: 'key' }
  }
}

interface Use {
  role: string
  path: Path
  overHttp?: boolean
}

function* rolesAsked(settings: ParityFile): Generator<Use> {
  const { roles = {}, oneOff } = settings.settings ?? {}
  const { assets, celery, events, process, packages, data, prepare } = settings
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
  for (const [index, role] of (events?.replicas ?? []).entries()) yield { role, path: ['events', 'replicas', index] }
  for (const member of ['roles', 'withoutVariables'] as const) {
    for (const [index, role] of (process?.[member] ?? []).entries()) yield { role, path: ['process', member, index] }
  }
  for (const role of Object.keys(roles)) yield { role, path: ['settings', 'roles', role] }
  if (oneOff) yield { role: oneOff, path: ['settings', 'oneOff'] }
  for (const language of ['python', 'node'] as const) {
    for (const role of Object.keys(packages?.[language] ?? {})) yield { role, path: ['packages', language, role] }
  }
  for (const store of ['postgres', 'redis'] as const) {
    const role = data?.[store]?.role
    if (role) yield { role, path: ['data', store, 'role'] }
  }
  for (const [index, { roles }] of (data?.shared ?? []).entries()) {
    for (const [place, role] of roles.entries()) yield { role, path: ['data', 'shared', index, 'roles', place] }
  }
  for (const [index, role] of (data?.cache?.roles ?? []).entries()) {
    yield { role, path: ['data', 'cache', 'roles', index] }
  }
}
