/** What is being done and how long it has taken so far, on standard error: lines, so that a log reads as well as a terminal. */
import type { CheckOptions } from '../check.ts'

/** Further lines of one environment within this time are held back unless they are news. */
const QUIET_SECONDS = 3

export function progressLog(): Required<Pick<CheckOptions, 'onProgress' | 'onReady' | 'onObservation'>> & {
  done(): void
} {
  const start = performance.now()
  const lastLine = new Map<string, number>()
  const elapsedSeconds = () => (performance.now() - start) / 1000
  const say = (environment: string, message: string) => {
    lastLine.set(environment, elapsedSeconds())
    console.error(`${elapsedSeconds().toFixed(1).padStart(6)} s  ${environment.padEnd(12)} ${message.slice(0, 100)}`)
  }
  return {
    onProgress: (environment, message) => {
      if (elapsedSeconds() - (lastLine.get(environment) ?? -QUIET_SECONDS) >= QUIET_SECONDS) say(environment, message)
    },
    onReady: (environment, seconds) => say(environment, `ready in ${seconds.toFixed(1)} s`),
    onObservation: ({ environment, probe, seconds, failure }) =>
      say(
        environment,
        `${probe} ${failure === undefined ? 'answered' : 'could not be asked'} (${seconds.toFixed(1)} s)`,
      ),
    done: () => console.error(`${elapsedSeconds().toFixed(1).padStart(6)} s  all done`),
  }
}
