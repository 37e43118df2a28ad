/** What every reader of declarations needs. */
import type { Declared, DeclaredImage, Fault } from './contract.ts'

/** A service of which nothing is written but its name and its image. */
export function undeclared(name: string, image: DeclaredImage): Declared {
  return {
    name,
    aliases: [name],
    image,
    ports: [],
    variables: {},
    mounts: [],
    checks: [],
    limits: {},
    requests: {},
    needs: [],
    before: [],
    replicas: 1,
    overlaps: false,
    hostPorts: [],
    serviceLinks: false,
  }
}

/** Name and value of what a reader may have found or not. */
export function faultsOf(found: [Fault, string[]][]): Partial<Record<Fault, string[]>> {
  return Object.fromEntries(found.filter(([, where]) => where.length > 0))
}
