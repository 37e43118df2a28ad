/** Asking again until an answer says that something has come to its end. */

import { equal, valueAt } from '../compare/json.ts'
import type { JourneyStep } from '../config/schema.ts'
import type { Json } from '../model.ts'
import { DeadlineError, waitFor } from '../poll.ts'
import { jsonOf } from './capture.ts'
import { ObservableError } from './error.ts'
import type { Answer } from './request.ts'

/**
 * What takes longer than this is never done at the first look, unless it was done before the answer that started it
 * (a Celery task run eagerly). What is quicker may or may not be, so nothing is said about it.
 */
const SURELY_PENDING_SECONDS = 5

export interface Ended {
  answer: Answer
  /** `pendingFor5Seconds`: whether it was still under way for so long. */
  pending: { [name: string]: Json }
}

/** @throws ObservableError when the deadline passes or a request gets no answer */
export async function answerUntil(
  until: NonNullable<JourneyStep['until']>,
  ask: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Ended> {
  const start = performance.now()
  let last: Json | undefined
  try {
    const answer = await waitFor({
      what: `${until.pointer} to be one of ${JSON.stringify(until.in)}`,
      withinSeconds: until.withinSeconds,
      everySeconds: [0.1, 0.2, 0.5],
      signal,
      check: async () => {
        const answer = await ask()
        last = valueAt(jsonOf(answer), until.pointer)
        return last !== undefined && until.in.some((value) => equal(value, last)) ? answer : undefined
      },
    })
    const took = (performance.now() - start) / 1000
    return { answer, pending: { [`pendingFor${SURELY_PENDING_SECONDS}Seconds`]: took >= SURELY_PENDING_SECONDS } }
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error
    const seen = last === undefined ? 'there is nothing' : `it is ${JSON.stringify(last)}`
    throw new ObservableError(`still pending after ${until.withinSeconds} s: at ${until.pointer} ${seen}`)
  }
}
