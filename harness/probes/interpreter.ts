/**
 * Questions to an application that a process inside a service imports once: each is answered by a fork of it, which knows what
 * a fresh process would. The import takes longest, and there are many questions.
 */
import type { Json, Service } from '../model.ts'
import { asObserved, failedCommand, parsed, scriptOf } from './inside.ts'
import { converseInTurn } from './round.ts'

/** What imports the application. */
export interface Import {
  python: string[]
  /** Of `inside/`, in the order in which they build on one another, `answers.py` being before them. */
  scripts: string[]
  /** What they are to know: `sys.argv[1]`, as JSON. */
  argument: Json
}

/** Of `inside/`, what is run behind those of the import. They call `tell`. */
export interface Question {
  scripts: string[]
  request: Json
  timeoutSeconds: number
}

/** Its program comes through standard input, as the questions do. */
const START = 'import json, sys; exec(json.loads(sys.stdin.buffer.readline()))'

/**
 * The JSON that scripts tell of one question.
 * @throws ObservableError when the application cannot be imported there, or the question has no answer in time
 */
export async function askInterpreter(
  service: Service,
  { python, scripts, argument }: Import,
  question: Question,
  signal: AbortSignal,
): Promise<Json> {
  const [program = ''] = python
  const commandLine = [...service.exec, ...python, '-c', START, JSON.stringify(argument)]
  const answer = { endsWith: '\n', timeoutSeconds: question.timeoutSeconds }
  try {
    const asked = { source: await scriptOf(...question.scripts), request: question.request }
    const { stdout } = await converseInTurn(commandLine, signal, {
      greet: async ({ ask }) => {
        const imports = await scriptOf('answers.py', ...scripts, 'forks.py')
        return ask(`${JSON.stringify(imports)}\n`, answer)
      },
      ask: ({ ask }) => ask(`${JSON.stringify(asked)}\n`, answer),
    })
    const [told = '', ending = ''] = stdout.split('\t')
    const { exitCode, printed } = JSON.parse(ending) as { exitCode: number; printed: string }
    if (exitCode !== 0) throw failedCommand(program, exitCode, printed)
    return parsed(program, told)
  } catch (error) {
    throw asObserved(program, error)
  }
}
