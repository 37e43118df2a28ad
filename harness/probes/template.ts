/** Fills `${NAME}` (captured before), `${vars.NAME}`, `${ROLE.baseUrl}` and `${ROLE.origin}` in requests. */
import type { Environment, Json, Role } from '../model.ts'
import { ObservableError } from './error.ts'

export interface Values {
  environment: Environment
  /** What earlier steps of a journey have captured. */
  captured?: ReadonlyMap<string, Json>
}

const TEMPLATE = /\$\{([^{}]*)\}/g
const NOTHING_BUT_A_TEMPLATE = /^\$\{([^{}]*)\}$/

/** @throws ObservableError naming the first name that is not known. */
export function fill(text: string, values: Values): string {
  return text.replace(TEMPLATE, (_, name: string) => asText(lookUp(name, values)))
}

/** Fills every string of a JSON value. One that is nothing but a template keeps the type of what was captured. */
export function fillJson(value: Json, values: Values): Json {
  if (typeof value === 'string') {
    const whole = NOTHING_BUT_A_TEMPLATE.exec(value)
    return whole ? lookUp(whole[1] as string, values) : fill(value, values)
  }
  if (Array.isArray(value)) return value.map((item) => fillJson(item, values))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillJson(member, values)]))
}

export function fillMembers(members: Record<string, string>, values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, fill(value, values)]))
}

/**
 * Where this machine reaches a role.
 * @throws ObservableError when it cannot
 */
export function baseUrlOf(role: Role, environment: Environment): string {
  const service = Object.hasOwn(environment.services, role) ? environment.services[role] : undefined
  if (!service) throw new ObservableError(`there is no service ${role} here`)
  if (!service.baseUrl) throw new ObservableError(`the service ${role} publishes no port`)
  return service.baseUrl
}

function lookUp(name: string, { environment, captured }: Values): Json {
  const [owner, member] = split(name)
  if (member === undefined) {
    const value = captured?.get(name)
    if (value === undefined) throw new ObservableError(`\${${name}} is not known: no earlier step captured it`)
    return value
  }
  if (owner === 'vars') {
    if (!Object.hasOwn(environment.vars, member)) {
      throw new ObservableError(`\${${name}} is not known: the environment's vars have no ${member}`)
    }
    return environment.vars[member] as string
  }
  if (member === 'baseUrl') return baseUrlOf(owner, environment)
  if (member === 'origin') return new URL(baseUrlOf(owner, environment)).origin
  throw new ObservableError(`\${${name}} is not known: of a service there are baseUrl and origin`)
}

function split(name: string): [owner: string, member: string | undefined] {
  const dot = name.indexOf('.')
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)]
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
