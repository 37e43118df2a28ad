/**
 * Labels that say to which environment a container, network or volume belongs and which process keeps it alive,
 * so that all of it can be removed by anybody, at any time, without a list.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export const ENVIRONMENT_LABEL = 'dev.parity.environment'
/** Says which role a container carries. */
export const ROLE_LABEL = 'dev.parity.role'
export const OWNER_LABEL = 'dev.parity.owner'
/** Begins the annotations that name the processes by which a namespace is reached, each as an owner. */
export const FORWARD_PREFIX = 'dev.parity.forward-'
const KEPT = 'kept'

/** A name for one start of one environment; also the compose project, the network and the prefix of volumes. */
export function newEnvironmentId(project: string, name: string): string {
  return `parity-${project}-${name}-${randomBytes(3).toString('hex')}`
}

/** Labels in Docker, annotations in Kubernetes, whose labels may not hold a slash. */
export function labels(environmentId: string, keep: boolean): Record<string, string> {
  return { [ENVIRONMENT_LABEL]: environmentId, [OWNER_LABEL]: keep ? KEPT : owner() }
}

/** What nobody is using: what runs that have died left behind, or the environments that were kept as well. */
export type Abandoned = 'dead' | 'dead or kept'

export function isAbandoned(owner: string, which: Abandoned): boolean {
  return owner === KEPT ? which === 'dead or kept' : !ownerLives(owner)
}

/** False when the owner was a process of this machine that has ended: what it owned is nobody's. */
export function ownerLives(owner: string): boolean {
  if (owner === KEPT) return true
  const [host, pid, startTime] = owner.split('/')
  if (host !== hostname()) return true
  return processStartTime(Number(pid)) === startTime
}

/** A process of this machine as an owner. */
export function owner(pid = process.pid): string {
  return [hostname(), pid, processStartTime(pid)].join('/')
}

/** Ends a process that is on this machine and still the one that was meant. */
export function endProcess(name: string): void {
  const [host, pid] = name.split('/')
  if (host === hostname() && ownerLives(name)) process.kill(Number(pid))
}

/** Tells a process from a later one with the same id: field 22 of /proc/PID/stat (proc(5)); where there is no /proc, only whether it lives. */
function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return process.platform !== 'linux' && signalReaches(pid) ? 'alive' : undefined
  }
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
