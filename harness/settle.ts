/**
 * Services that nothing watches. Of one without a health check the platform knows only that it runs, which it does long
 * before a worker has connected: it is waited for until it has come to rest.
 */
import type { RunningEnvironment, Service } from './model.ts'
import { DeadlineError, waitFor } from './poll.ts'
import { ObservableError } from './probes/error.ts'
import { demandBetween, lifetimesOf } from './probes/lifetimes.ts'

/** Of one processor: below what a start wants, above what a reloader that looks at its files does. */
const AT_REST = 0.25
/** In a row, as a start has pauses: when it waits for a connection, or for an answer of its neighbours. */
const WINDOWS = 2
const WINDOW_SECONDS = 1
/** One that is busy for so long is not starting any more. */
const WITHIN_SECONDS = 60

export async function settle(environment: RunningEnvironment, signal: AbortSignal): Promise<void> {
  const own = Object.values(environment.services).filter(({ ownImage }) => ownImage)
  await Promise.all(
    own.map(async (service) => {
      const instances = await environment.instances(service.role)
      if (instances.some(({ healthy }) => healthy === null)) await untilAtRest(service, signal)
    }),
  )
}

async function untilAtRest(service: Service, signal: AbortSignal): Promise<void> {
  const look = async () => ({ lifetimes: await lifetimesOf(service, signal), at: performance.now() / 1000 })
  try {
    let [last, quiet] = [await look(), 0]
    await waitFor({
      what: `${service.role} to come to rest`,
      withinSeconds: WITHIN_SECONDS,
      everySeconds: WINDOW_SECONDS,
      signal,
      check: async () => {
        const now = await look()
        const seconds = now.at - last.at
        if (seconds < WINDOW_SECONDS) return undefined
        quiet = demandBetween(last.lifetimes, now.lifetimes, seconds) < AT_REST ? quiet + 1 : 0
        last = now
        return quiet >= WINDOWS || undefined
      },
    })
  } catch (error) {
    // Where there is no shell nothing can be waited for.
    if (!(error instanceof DeadlineError || error instanceof ObservableError)) throw error
  }
}
