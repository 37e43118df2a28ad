/**
 * The requests of parity.yaml, and what every web server has an answer to: a page that does not exist, HEAD, the same
 * pages behind TLS, and their forms.
 */
import { isError } from '../compare/json.ts'
import type { ParityFile, Request } from '../config/schema.ts'
import type { Environment, Json, Probe } from '../model.ts'
import { comparableAnswer } from './answer.ts'
import { observed, putUnique } from './error.ts'
import { messageOf } from './message.ts'
import { send } from './request.ts'
import { BEHIND_TLS, visit } from './visit.ts'

const NO_SUCH_PAGE = '/parity-probe-no-such-page'

export function httpProbe(config: ParityFile): Probe | null {
  const { http } = config
  if (!http) return null
  const questions = [...Object.entries(http.requests), ...generalQuestions(Object.entries(http.requests))]
  const ask = async (request: Request, environment: Environment, signal: AbortSignal): Promise<Json> => {
    const message = messageOf(request, http.headers, { environment })
    const answer = await send(message, { signal, decompress: true })
    return comparableAnswer(request.method, answer, http.compareHeaders)
  }
  const visits = async (name: string, request: Request, environment: Environment, signal: AbortSignal) => {
    const seen = await observed(async () => {
      const page = messageOf(request, http.headers, { environment })
      return visit(name, page, { sendForms: http.forms, signal })
    })
    return isError(seen) ? { [name + BEHIND_TLS.suffix]: seen } : (seen as { [name: string]: Json })
  }
  return {
    name: 'http',
    question: 'Does it answer the same requests alike?',
    // Even where it only reads, it reads what journeys change.
    effect: 'writes',
    async observe(environment, signal) {
      const answers: { [name: string]: Json } = {}
      for (const [name, request] of questions) {
        putUnique(answers, name, await observed(() => ask(request, environment, signal)))
      }
      for (const [name, request] of Object.entries(http.requests)) {
        const seen = request.method === 'GET' ? await visits(name, request, environment, signal) : {}
        for (const [visited, answer] of Object.entries(seen)) putUnique(answers, visited, answer)
      }
      return answers
    },
  }
}

/** Asked of each role that the project's own requests ask. */
function generalQuestions(requests: [string, Request][]): [string, Request][] {
  const roles = [...new Set(requests.map(([, { role }]) => role))]
  return roles.flatMap((role) => {
    const firstGet = requests.find(([, request]) => request.role === role && request.method === 'GET')
    return [
      [`missing page of ${role}`, plainRequest(role, NO_SUCH_PAGE)] as [string, Request],
      ...(firstGet ? [[`HEAD of ${firstGet[0]}`, { ...firstGet[1], method: 'HEAD' }] as [string, Request]] : []),
    ]
  })
}

function plainRequest(role: string, path: string): Request {
  return { role, path, method: 'GET', headers: {} }
}
