/**
 * What stays open inside services while an environment is asked: to begin a program there takes longer than most of the
 * answers do.
 */
import { type Conversation, converse } from '../exec.ts'

/** By the command lines of programs: the end of the last turn, with the conversation that it leaves to the next one. */
type Turns = Map<string, Promise<Conversation | undefined>>

const rounds = new WeakMap<AbortSignal, Turns>()

/** Whatever is asked with the signal given to `ask` shares what is open. That ends with the round. */
export async function inOneRound<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const turns: Turns = new Map()
  const ofRound = AbortSignal.any([signal])
  rounds.set(ofRound, turns)
  try {
    return await ask(ofRound)
  } finally {
    await Promise.all([...turns.values()].map(async (last) => (await last)?.end()))
  }
}

/** False: whatever is begun for a question ends with it. */
export function isInRound(signal: AbortSignal): boolean {
  return rounds.has(signal)
}

/**
 * Asks a program that stays open during a round, one question after the other. One in which an answer has failed is not
 * asked again.
 * @param greet what is said to it once, before the first question
 */
export async function converseInTurn<T>(
  commandLine: string[],
  signal: AbortSignal,
  { greet, ask }: { greet(conversation: Conversation): Promise<unknown>; ask(conversation: Conversation): Promise<T> },
): Promise<T> {
  const turns = rounds.get(signal)
  const key = JSON.stringify(commandLine)
  const before = turns?.get(key)
  const { promise: end, resolve: leave } = Promise.withResolvers<Conversation | undefined>()
  turns?.set(key, end)
  let conversation = await before
  let toNext: Conversation | undefined
  try {
    // One ends with its container, which may have been started again.
    if (!conversation?.isAlive()) {
      conversation = converse(commandLine, signal)
      await greet(conversation)
    }
    const answer = await ask(conversation)
    if (!turns) await conversation.end()
    toNext = conversation
    return answer
  } finally {
    leave(toNext)
  }
}
