/**
 * What stays open inside services while an environment is asked: to begin a program there takes longer than most of the
 * answers do.
 */
import { type Conversation, converse } from '../exec.ts'

/** Conversations that nobody is in, by the command lines of their programs. */
type Idle = Map<string, Conversation[]>

const rounds = new WeakMap<AbortSignal, Idle>()

/** Whatever is asked with the signal given to `ask` shares what is open. That ends with the round. */
export async function inOneRound<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const idle: Idle = new Map()
  const ofRound = AbortSignal.any([signal])
  rounds.set(ofRound, idle)
  try {
    return await ask(ofRound)
  } finally {
    await Promise.all([...idle.values()].flat().map((conversation) => conversation.end()))
  }
}

/** False: whatever is begun for a question ends with it. */
export function isInRound(signal: AbortSignal): boolean {
  return rounds.has(signal)
}

/** One that is open and that nobody is in, or a new one. To be handed back, but for one in which an answer has failed. */
export async function open(
  commandLine: string[],
  signal: AbortSignal,
  greet: (conversation: Conversation) => Promise<unknown>,
): Promise<Conversation> {
  const idle = rounds.get(signal)
  const key = JSON.stringify(commandLine)
  // One ends with its container, which may have been started again.
  const known = idle?.get(key)?.filter((conversation) => conversation.isAlive()) ?? []
  const taken = known.pop()
  idle?.set(key, known)
  if (taken) return taken
  const conversation = converse(commandLine, signal)
  await greet(conversation)
  return conversation
}

/** Where there is no round it ends. */
export async function handBack(commandLine: string[], signal: AbortSignal, conversation: Conversation): Promise<void> {
  const idle = rounds.get(signal)?.get(JSON.stringify(commandLine))
  if (idle) idle.push(conversation)
  else await conversation.end()
}
