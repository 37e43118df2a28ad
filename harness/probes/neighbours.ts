/**
 * Which ports of a role take a connection from a neighbour. One that is bound to loopback answers whoever looks from
 * inside, and nobody else.
 */
import type { Environment, Json, Role, Service } from '../model.ts'
import { ObservableError } from './error.ts'
import { inService, scriptOf } from './inside.ts'

/**
 * By port, whether any neighbour reaches it under any of the role's names and addresses: which neighbours may is for
 * networks to say, and which port a name stands for, for requests to show. Null where nobody is there to try from.
 * @param listening addresses as in /proc/net/tcp
 */
export async function reachableFrom(
  environment: Environment,
  role: Role,
  listening: string[],
  signal: AbortSignal,
): Promise<Json> {
  const { aliases } = environment.services[role] as Service
  const ports = [...new Set(listening.map((address) => address.slice(address.lastIndexOf(':') + 1)))]
  const reached = new Set<string>()
  let asked = 0
  for (const neighbour of neighboursOf(environment, role)) {
    const missing = ports.filter((port) => !reached.has(port))
    if (missing.length === 0) break
    const found = await connectedFrom(neighbour, missing, aliases, signal)
    if (!found) continue
    asked++
    for (const port of found) reached.add(port)
  }
  if (asked === 0 && ports.length > 0) return null
  return Object.fromEntries(ports.map((port) => [port, reached.has(port)]))
}

/** The project's own images first: they are those that have something to ask for. */
function neighboursOf({ services }: Environment, role: Role): Service[] {
  const others = Object.values(services).filter((service) => service.role !== role)
  return others.sort((a, b) => Number(b.ownImage) - Number(a.ownImage) || (a.role < b.role ? -1 : 1))
}

/** Undefined when the neighbour has no shell, or no program that connects. */
async function connectedFrom(neighbour: Service, ports: string[], names: string[], signal: AbortSignal) {
  const command = ['sh', '-s', '--', ...ports.map((port) => [port, ...names].join(' '))]
  try {
    const { stdout } = await inService(neighbour, command, signal, { input: await scriptOf('connect.sh') })
    return stdout.split('\n').filter(Boolean)
  } catch (error) {
    if (error instanceof ObservableError) return undefined
    throw error
  }
}
