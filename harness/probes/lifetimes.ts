/** Since when each process of a service lives, and how much it has wanted to do since then. */
import type { Service } from '../model.ts'
import { inService, scriptOf } from './inside.ts'

export interface Lifetime {
  /** Another one for each process that ever ran in the service. */
  key: string
  /** Seconds for which it has used a processor or waited for one. */
  busySeconds: number
  command: string
}

/** @throws ObservableError when the service has no shell, or is not there at the moment */
export async function lifetimesOf(service: Service, signal: AbortSignal): Promise<Lifetime[]> {
  const { stdout } = await inService(service, ['sh', '-s'], signal, { input: await scriptOf('lifetimes.sh') })
  return parseLifetimes(stdout)
}

export function parseLifetimes(output: string): Lifetime[] {
  return [...output.matchAll(/^(\d+ \d+) (\d+) (.*)$/gm)].map(([, key = '', busy, command = '']) => ({
    key,
    busySeconds: Number(busy) / 1e9,
    command: command.trim(),
  }))
}

/** Whether a process that was there is gone, and another one runs the same command in its place. */
export function startedAnew(before: Lifetime[], after: Lifetime[]): boolean {
  const arrived = difference(after, before)
  return difference(before, after).some(({ command }) => arrived.some((other) => other.command === command))
}

/** How much of one processor the service wanted in between; infinitely much when a process has come or gone. */
export function demandBetween(before: Lifetime[], after: Lifetime[], seconds: number): number {
  if (difference(before, after).length || difference(after, before).length) return Number.POSITIVE_INFINITY
  const busy = (lifetimes: Lifetime[]) => lifetimes.reduce((sum, { busySeconds }) => sum + busySeconds, 0)
  return (busy(after) - busy(before)) / seconds
}

function difference(some: Lifetime[], others: Lifetime[]): Lifetime[] {
  const keys = new Set(others.map(({ key }) => key))
  return some.filter(({ key }) => !keys.has(key))
}
