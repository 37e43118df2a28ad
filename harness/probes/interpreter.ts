/**
 * Questions to an application that one process inside a service imports once: each is answered by a fork of it, which knows
 * what a fresh process would. The import takes longest, and there are many questions.
 */
import { CommandError, type Conversation, converse } from '../exec.ts'
import type { Json, Service } from '../model.ts'
import { failedCommand, parsed, scriptOf } from './inside.ts'

/** What imports the application, and what it needs to know for that: `sys.argv[1]`, as JSON. */
export interface Import {
  python: string[]
  /** Of `inside/`, in the order in which they build on one another. */
  scripts: string[]
  argument: Json
}

interface Interpreter {
  conversation: Conversation
  /** The end of the last question: one is answered at a time. */
  free: Promise<unknown>
}

const rounds = new WeakMap<AbortSignal, Map<string, Interpreter>>()

/** Questions that are asked with the signal given to them share their interpreters, which end with the round. */
export async function inOneRound<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interpreters = new Map<string, Interpreter>()
  const ofRound = AbortSignal.any([signal])
  rounds.set(ofRound, interpreters)
  try {
    return await ask(ofRound)
  } finally {
    await Promise.all([...interpreters.values()].map(({ conversation }) => conversation.end()))
  }
}

/**
 * The JSON that scripts tell of one question.
 * @param question.scripts of `inside/`, run behind those of the import; they call `tell`
 * @param question.request what they ask for
 * @throws ObservableError when the application cannot be imported there, or the question has no answer in time
 */
export async function askInterpreter(
  service: Service,
  imported: Import,
  question: { scripts: string[]; request: Json; timeoutSeconds: number },
  signal: AbortSignal,
): Promise<Json> {
  const interpreters = rounds.get(signal)
  if (!interpreters) return inOneRound(signal, (own) => askInterpreter(service, imported, question, own))
  const { scripts, request, timeoutSeconds } = question
  const [program = ''] = imported.python
  const [prelude, source] = await Promise.all([scriptOf(...imported.scripts, 'forks.py'), scriptOf(...scripts)])
  const key = JSON.stringify([service.exec, imported])
  const interpreter = interpreters.get(key) ?? start(service, imported, prelude, signal)
  interpreters.set(key, interpreter)
  const line = JSON.stringify({ source, request })
  const turn = interpreter.free.then(() => interpreter.conversation.ask(line, timeoutSeconds))
  interpreter.free = turn.catch(() => {})
  const answer = await turn.catch((error) => {
    if (interpreters.get(key) === interpreter) interpreters.delete(key)
    throw error instanceof CommandError ? failedCommand(program, error.exitCode, error.stderr) : error
  })
  const [told = '', ending = ''] = answer.split('\t')
  const { exitCode, output } = JSON.parse(ending) as { exitCode: number; output: string }
  if (exitCode !== 0) throw failedCommand(program, exitCode, output)
  return parsed(program, told)
}

function start(service: Service, { python, argument }: Import, prelude: string, signal: AbortSignal): Interpreter {
  const conversation = converse([...service.exec, ...python, '-c', START, JSON.stringify(argument)], signal)
  conversation.tell(JSON.stringify(prelude))
  return { conversation, free: Promise.resolve() }
}

/** Its program comes through standard input, as the questions do. */
const START = 'import json, sys; exec(json.loads(sys.stdin.buffer.readline()))'
