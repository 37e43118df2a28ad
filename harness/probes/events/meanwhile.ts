/** Requests at a steady rate while something happens: how many of them are lost? */
import { isError } from '../../compare/json.ts'
import type { Json } from '../../model.ts'
import { waitFor } from '../../poll.ts'
import { observed } from '../error.ts'
import { askReady, type Scene } from './around.ts'

/** Often enough to meet every moment of a deployment, too seldom to be a burden. */
const EVERY_SECONDS = 0.1

/** @returns what came of `act`, and whether each `events.ready` that was asked meanwhile was answered, and not with a 5xx */
export async function requestsDuring(
  scene: Scene,
  act: () => Promise<Json>,
): Promise<{ came: Json; requests: { [name: string]: Json } }> {
  let isOver = false
  const asked: Promise<Json>[] = []
  const asking = waitFor({
    what: 'the end of the event',
    withinSeconds: Number.POSITIVE_INFINITY,
    everySeconds: EVERY_SECONDS,
    check: async () => {
      const answer = observed(() => askReady(scene))
      answer.catch(() => {}) // where nobody waits for it any more
      asked.push(answer)
      return isOver || undefined
    },
  })
  const came = await act().finally(() => {
    isOver = true
  })
  await asking
  const answers = await Promise.all(asked)
  const lost = answers.filter((answer) => isError(answer) || Number(answer) >= 500)
  const kinds = [...new Set(lost.map((answer) => (isError(answer) ? answer.$error : `status ${answer}`)))].sort()
  return {
    came,
    requests: {
      lost: lost.length ? 'some' : 'none',
      inNumbers: { $remark: `${lost.length} of ${answers.length}${kinds.length ? `: ${kinds.join(', ')}` : ''}` },
    },
  }
}
