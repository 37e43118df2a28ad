/**
 * Services that nothing watches. Of one without a health check the platform knows only that it runs, which it does long
 * before a server has migrated its database or a worker has connected: it is waited for until it answers, where it is
 * reached by HTTP, and has come to rest.
 */
import { answers } from './environments/address.ts'
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

/** Rests for so long and does not answer: it does not speak HTTP there, or not until somebody wants it to. */
const SILENT_WINDOWS = 10
/** A server may install its packages before it serves. */
const ANSWER_WITHIN_SECONDS = 180

export async function settle(
  environment: RunningEnvironment,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<void> {
  const own = Object.values(environment.services).filter(({ ownImage }) => ownImage)
  await Promise.all(
    own.map(async (service) => {
      const instances = await environment.instances(service.role)
      if (instances.every(({ healthy }) => healthy !== null)) return
      const { baseUrl, role } = service
      progress(`waiting for ${role}, which has no health check, to come to rest`)
      if (baseUrl) {
        const unless = () => answers(baseUrl)
        await untilAtRest(service, signal, { windows: SILENT_WINDOWS, withinSeconds: ANSWER_WITHIN_SECONDS, unless })
      }
      await untilAtRest(service, signal, { windows: WINDOWS, withinSeconds: WITHIN_SECONDS })
    }),
  )
}

interface Patience {
  windows: number
  withinSeconds: number
  /** Ends the wait before. */
  unless?: () => Promise<boolean>
}

async function untilAtRest(service: Service, signal: AbortSignal, patience: Patience): Promise<void> {
  const { windows, withinSeconds, unless } = patience
  const look = async () => ({ lifetimes: await lifetimesOf(service, signal), at: performance.now() / 1000 })
  try {
    let [last, quiet] = [await look(), 0]
    await waitFor({
      what: `${service.role} to come to rest`,
      withinSeconds,
      everySeconds: WINDOW_SECONDS,
      signal,
      check: async () => {
        if (await unless?.()) return true
        const now = await look()
        const seconds = now.at - last.at
        if (seconds < WINDOW_SECONDS) return undefined
        quiet = demandBetween(last.lifetimes, now.lifetimes, seconds) < AT_REST ? quiet + 1 : 0
        last = now
        return quiet >= windows || undefined
      },
    })
  } catch (error) {
    // Where there is no shell nothing can be waited for.
    if (!(error instanceof DeadlineError || error instanceof ObservableError)) throw error
  }
}
