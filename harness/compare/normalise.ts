/** What differs without meaning anything: the addresses that an environment happens to have. */
import type { Json, Service } from '../model.ts'
import { mapStrings } from './json.ts'

/**
 * Replaces the addresses of an environment's services by the services' roles: `http://<web>/api/`.
 * @param services of each start of the environment, and those that its verbs have replaced
 */
export function withoutAddresses(value: Json, services: Service[]): Json {
  const hostPorts = services.flatMap(({ role, baseUrl }) => (baseUrl ? [[new URL(baseUrl).host, role] as const] : []))
  const aliases = services.flatMap(({ role, aliases }) => aliases.map((alias) => [alias, role] as const))
  const roleOf = new Map([...aliases, ...hostPorts].map(([name, role]) => [name.toLowerCase(), role]))
  const literal = (names: (readonly [string, string])[]) =>
    names
      .map(([name]) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .sort((a, b) => b.length - a.length)
      .join('|')
  const published = hostPorts.length ? new RegExp(`\\b(?:${literal(hostPorts)})\\b`, 'gi') : undefined
  // A service's name is only an address where the text says so: `//name`, `@name` or `name:port`.
  const named = aliases.length
    ? new RegExp(`(?<=//|@)(?:${literal(aliases)})(?=[:/]|$)|\\b(?:${literal(aliases)})(?=:\\d{2,5}\\b)`, 'gi')
    : undefined
  const role = (match: string) => `<${roleOf.get(match.toLowerCase())}>`
  return mapStrings(value, (text) => {
    // An IP address can be nothing else; a name by itself may be a word.
    if (IP_ADDRESS.test(text) && roleOf.has(text)) return role(text)
    const outside = published ? text.replace(published, role) : text
    return named ? outside.replace(named, role) : outside
  })
}

const IP_ADDRESS = /^(?:\d+(?:\.\d+){3}|[\da-f]*:[\da-f:.]+)$/

/** True when both strings are nothing but names of the same service, each in its own environment. */
export function sameService(a: Json | undefined, of: Service[], b: Json | undefined, others: Service[]): boolean {
  const roleOf = (name: Json | undefined, services: Service[]) =>
    services.find(({ aliases }) => typeof name === 'string' && aliases.includes(name))?.role
  const role = roleOf(a, of)
  return role !== undefined && role === roleOf(b, others)
}
