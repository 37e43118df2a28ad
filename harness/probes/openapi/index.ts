/** Requests made from the OpenAPI document that the application serves: valid ones, and one broken one for each constraint. */
import type { OpenApiConfig, ParityFile, Request } from '../../config/schema.ts'
import type { Environment, Json, Probe } from '../../model.ts'
import { comparableAnswer } from '../answer.ts'
import { jsonOf } from '../capture.ts'
import { ObservableError, observed } from '../error.ts'
import { Journey } from '../journey.ts'
import { messageOf } from '../message.ts'
import { type Answer, send } from '../request.ts'
import { brokenBodies, brokenValues } from './broken.ts'
import { type Operation, operationsIn } from './document.ts'
import { Created, pathOf } from './ids.ts'
import { sampleOf } from './samples.ts'

export function openapiProbe(settings: ParityFile): Probe | null {
  const { openapi } = settings
  if (!openapi) return null
  return {
    name: 'openapi',
    question: 'Do all operations that the application says it has answer alike, also to what they must refuse?',
    effect: 'writes',
    observe: async (environment, signal) => {
      const asking = new Asking(settings, openapi, environment, signal)
      const operations = (await asking.operations()).filter(
        ({ method, path }) => !openapi.skip.some((pattern) => new RegExp(pattern).test(`${method} ${path}`)),
      )
      const answers: { [operation: string]: Json } = {}
      for (const operation of operations) answers[`${operation.method} ${operation.path}`] = await asking.all(operation)
      return { seed: openapi.seed, answers, leftOut: asking.leftOut }
    },
  }
}

interface Variant {
  name: string
  query?: Record<string, unknown>
  body?: unknown
  isAnonymous?: boolean
}

/** The requests to one environment, one after the other, and what is carried from one to the next. */
class Asking {
  /** Requests beyond the limit, which were not sent. */
  leftOut = 0
  readonly #settings: ParityFile
  readonly #openapi: OpenApiConfig
  readonly #environment: Environment
  readonly #signal: AbortSignal
  readonly #journey: Journey
  readonly #created = new Created()
  #sent = 0

  constructor(settings: ParityFile, openapi: OpenApiConfig, environment: Environment, signal: AbortSignal) {
    this.#settings = settings
    this.#openapi = openapi
    this.#environment = environment
    this.#signal = signal
    this.#journey = new Journey(settings, signal)
  }

  /** Logs in, then reads the document. */
  async operations(): Promise<Operation[]> {
    for (const step of this.#openapi.login) await this.#journey.take(step, this.#environment)
    const { role, path, headers } = this.#openapi
    const answer = await this.#send({ role, path, headers, method: 'GET' })
    if (answer.status !== 200) throw new ObservableError(`GET ${path} answers ${answer.status}`)
    return operationsIn(answer.body.toString())
  }

  async all(operation: Operation): Promise<Json> {
    const answers: { [variant: string]: Json } = {}
    for (const variant of variantsOf(operation, this.#openapi.seed)) {
      if (this.#sent >= this.#openapi.maxRequests) {
        this.leftOut++
        continue
      }
      this.#sent++
      answers[variant.name] = await observed(() => this.#ask(operation, variant))
    }
    return answers
  }

  async #ask(operation: Operation, { name, query = {}, body, isAnonymous }: Variant): Promise<Json> {
    const { role, with: credentials } = this.#openapi
    const path = pathOf(operation, this.#created, query)
    const answer = await this.#send({
      role,
      path,
      method: operation.method as Request['method'],
      headers: isAnonymous ? {} : credentials,
      ...(body !== undefined && { json: body as Json }),
    })
    if (name === VALID) this.#created.learn(operation, jsonOf(answer))
    return comparableAnswer(operation.method, answer, this.#settings.http?.compareHeaders ?? [])
  }

  #send(request: Request): Promise<Answer> {
    const values = { environment: this.#environment, captured: this.#journey.captured }
    const message = messageOf(request, this.#settings.http?.headers ?? {}, values)
    return send(message, { signal: this.#signal, decompress: true })
  }
}

const VALID = 'valid'

function variantsOf({ parameters, body }: Operation, seed: number): Variant[] {
  const valid = body && sampleOf(body, seed)
  const queries = parameters.filter((parameter) => parameter.in === 'query')
  return [
    { name: VALID, body: valid },
    { name: 'without credentials', body: valid, isAnonymous: true },
    ...(body ? brokenBodies(body, valid) : []),
    ...queries.flatMap(({ name, schema = {} }) =>
      brokenValues(schema)
        .filter(({ value }) => value !== null)
        .map(({ what, value }) => ({ name: `?${name}: ${what}`, query: { [name]: value }, body: valid })),
    ),
  ]
}
