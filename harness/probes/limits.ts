/** How much a service may use, as its control group and the kernel have it. */
import type { Json } from '../model.ts'
import type { Parts } from './parts.ts'

/** What programs may count on; how far above it a platform goes depends on its own machine, and nobody notices. */
const COMMON_OPEN_FILES = 1024
/** Without a limit, cgroup v1 says as many pages as there could be; cgroup v2 says `max`. */
const UNLIMITED_BYTES = 2 ** 60

export function describeLimits(parts: Parts): { [name: string]: Json } {
  return {
    memoryBytes: parts.read('memory', parseMemory),
    outOfMemoryKills: parts.read('memoryEvents', parseKills),
    cpus: parts.read('cpu', parseCpus),
    openFiles: parts.read('limits', parseOpenFiles),
  }
}

function parseMemory(limit: string): number | null {
  const bytes = Number(limit)
  return bytes < UNLIMITED_BYTES ? bytes : null
}

/** memory.events of cgroup v2, memory.oom_control of v1. */
function parseKills(events: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0)
}

/** Quota and period in microseconds, whichever way they are written; no quota is `max` in v2, -1 in v1. */
function parseCpus(quota: string): number | null {
  const [used, period] = quota.split(/\s+/).map(Number)
  return used !== undefined && period && used > 0 ? used / period : null
}

function parseOpenFiles(limits: string): number | string {
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  return soft < COMMON_OPEN_FILES ? soft : `at least ${COMMON_OPEN_FILES}`
}
