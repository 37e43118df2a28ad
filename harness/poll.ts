/** The one polling loop. Waiting always has a named condition and a deadline. */
import { setTimeout as delay } from 'node:timers/promises'

export interface Wait<T> {
  /** The condition as a person would say it: `web to be healthy`. */
  what: string
  withinSeconds: number
  /** Several are taken one after the other, of which the last one lasts: what ends soon is seen soon, for few looks at the rest. */
  everySeconds?: number | number[]
  signal?: AbortSignal
  /** Returns what was waited for, or undefined to look again. Throws to end the wait at once. */
  check: () => Promise<T | undefined>
  /** What was last seen, for the message when the deadline passes. */
  lastSeen?: () => string
}

/** The deadline passed and the condition did not hold. */
export class DeadlineError extends Error {
  constructor(what: string, seconds: number, lastSeen: string | undefined) {
    super(`waited ${seconds} s for ${what}${lastSeen ? `; last seen: ${lastSeen}` : ''}`)
    this.name = 'DeadlineError'
  }
}

/** @throws DeadlineError, whatever `check` throws, or the signal's reason. */
export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const deadline = performance.now() + wait.withinSeconds * 1000
  const pauses = [wait.everySeconds ?? []].flat()
  for (let looks = 0; ; looks++) {
    wait.signal?.throwIfAborted()
    const found = await wait.check()
    if (found !== undefined) return found
    if (performance.now() >= deadline) throw new DeadlineError(wait.what, wait.withinSeconds, wait.lastSeen?.())
    const seconds = pauses[looks] ?? pauses.at(-1) ?? 0.2
    await delay(seconds * 1000, undefined, { signal: wait.signal })
  }
}
