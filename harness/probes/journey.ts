/** Named steps, one after the other, with values carried from one to the next, compared step by step. */
import type { JourneyStep, ParityFile } from '../config/schema.ts'
import type { Environment, Json, Probe } from '../model.ts'
import { redactor } from '../secrets.ts'
import { comparableAnswer } from './answer.ts'
import { capturedFrom, formOf, isPlainNumber, placeOf, withCapturedNames } from './capture.ts'
import { CookieJar } from './cookies.ts'
import { ObservableError, observed, putUnique } from './error.ts'
import { messageOf } from './message.ts'
import { type Answer, type Message, send } from './request.ts'
import { answerUntil } from './until.ts'

/** One probe for each journey. */
export function journeyProbes(config: ParityFile): Probe[] {
  return Object.entries(config.journeys).map(([name, steps]) => ({
    name: `journey/${name}`,
    question: `Does the journey "${name}" go the same way, step by step?`,
    effect: 'writes',
    async observe(environment, signal) {
      const journey = new Journey(config, signal)
      const seen: { [step: string]: Json } = {}
      for (const step of steps) putUnique(seen, step.name, await journey.take(step, environment))
      return seen
    },
  }))
}

/** What is carried along one journey. */
export class Journey {
  readonly #config: ParityFile
  readonly #signal: AbortSignal
  readonly #isSecretName: (name: string) => boolean
  readonly #jar = new CookieJar()
  readonly #captured = new Map<string, Json>()
  /** Also the values that a later step has captured anew: they may still turn up. */
  readonly #everCaptured: [name: string, value: Json][] = []
  /** Captures that found nothing, and the step that they belong to. */
  readonly #missing = new Map<string, string>()

  /** @param given what is known as if it had been captured */
  constructor(config: ParityFile, signal: AbortSignal, given: { [name: string]: Json } = {}) {
    this.#config = config
    this.#signal = signal
    for (const [name, value] of Object.entries(given)) this.#captured.set(name, value)
    this.#isSecretName = redactor(config.project, config.secrets).isSecretName
  }

  /** What later steps, and others who go on from here, can use. */
  get captured(): ReadonlyMap<string, Json> {
    return this.#captured
  }

  take(step: JourneyStep, environment: Environment): Promise<Json> {
    return observed(() => this.#ask(step, environment))
  }

  /** What it would send, not sent. */
  next(step: JourneyStep, environment: Environment): Message {
    return this.#withCookies(this.#messageOf(step, environment))
  }

  async #ask(step: JourneyStep, environment: Environment): Promise<Json> {
    const message = this.#messageOf(step, environment)
    const ask = () => this.#send(message)
    const { answer, pending } = step.until
      ? await answerUntil(step.until, ask, this.#signal)
      : { answer: await ask(), pending: {} }
    const captured = this.#capture(step, message, answer)
    const seen = comparableAnswer(message.method, answer, this.#config.http?.compareHeaders ?? [])
    return {
      ...withCapturedNames(seen, this.#everCaptured, this.#isSecretName),
      ...pending,
      ...(Object.keys(captured).length > 0 && { captured }),
    }
  }

  #messageOf(step: JourneyStep, environment: Environment): Message {
    const values = { environment, captured: this.#captured }
    try {
      const missing = [...this.#missing].find(([name]) => JSON.stringify(step.request).includes(`\${${name}}`))
      if (missing) throw new ObservableError(`not sent: ${missing[0]} was not captured by step "${missing[1]}"`)
      return messageOf(step.request, this.#config.http?.headers ?? {}, values)
    } finally {
      // From here on what the step captures is missing, until its answer has it.
      for (const name of Object.keys(step.capture)) this.#forget(name, step)
    }
  }

  async #send(message: Message): Promise<Answer> {
    const answer = await send(this.#withCookies(message), { signal: this.#signal, decompress: true })
    this.#jar.keep(message.url, answer)
    return answer
  }

  #withCookies(message: Message): Message {
    const cookie = this.#jar.header(message.url)
    return { ...message, headers: { ...(cookie !== undefined && { cookie }), ...message.headers } }
  }

  /** Returns the form of each captured value, as the value itself is new in every run; the judge is told the numbers. */
  #capture(step: JourneyStep, { url }: Message, answer: Answer): { [name: string]: Json } {
    const forms: { [name: string]: Json } = {}
    for (const [name, capture] of Object.entries(step.capture)) {
      const value = capturedFrom(capture, answer, (cookie) => this.#jar.get(url, cookie))
      if (value === undefined) {
        forms[name] = { $error: `nothing ${placeOf(capture)}` }
        continue
      }
      this.#captured.set(name, value)
      this.#everCaptured.push([name, value])
      this.#missing.delete(name)
      if (this.#isSecretName(name)) forms[name] = `<${name}>`
      else forms[name] = isPlainNumber(value) ? { $captured: value } : formOf(value)
    }
    return forms
  }

  #forget(name: string, step: JourneyStep): void {
    this.#captured.delete(name)
    this.#missing.set(name, step.name)
  }
}
