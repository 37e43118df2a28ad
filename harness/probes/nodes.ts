/** Which role a Celery node belongs to. Its name holds its host's: `celery@3f2b0c7d1a9e`, `celery@app-worker-5d9c7-x2x8q`. */
import type { Environment, Role } from '../model.ts'

/** Said of a node on a host that belongs to none of the environment's services. */
const ELSEWHERE = 'none of the roles'

export function rolesOf(nodes: string[], environment: Environment): Role[] {
  return [...new Set(nodes.map((node) => roleOf(hostOf(node), environment)))].sort()
}

/** On how many hosts the nodes of a role run. */
export function countHosts(nodes: string[], role: Role, environment: Environment): number {
  return new Set(nodes.map(hostOf).filter((host) => roleOf(host, environment) === role)).size
}

function hostOf(node: string): string {
  return node.slice(node.indexOf('@') + 1)
}

function roleOf(sought: string, { services }: Environment): Role {
  const hosts = Object.values(services).flatMap(({ role, aliases }) => aliases.map((host) => ({ role, host })))
  const found = hosts.find(({ host }) => host === sought) ?? hosts.find(({ host }) => areReplicas(host, sought))
  return found?.role ?? ELSEWHERE
}

/** An environment knows one host of a role; those of its replicas are called alike but for the last part. */
function areReplicas(one: string, other: string): boolean {
  const family = (host: string) => /^(.+)-[^-]+$/.exec(host)?.[1]
  return family(one) !== undefined && family(one) === family(other)
}
