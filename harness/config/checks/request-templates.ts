/** Every `${…}` in a request stands for something, in whichever environment it is sent. */
import type { Json } from '../../model.ts'
import { didYouMean } from '../nearest.ts'
import type { Finding, Path } from '../problem.ts'
import type { JourneyStep, Request } from '../schema.ts'
import { type EnvironmentSubject, environmentsOf } from './environments.ts'
import type { Subject } from './index.ts'
import { type Found, templatesIn } from './templates.ts'

export function* checkRequestTemplates(subject: Subject): Generator<Finding> {
  const { http, journeys, events, openapi } = subject.settings
  for (const found of templatesIn(http?.headers ?? {}, ['http', 'headers'])) yield* checkInRequest(subject, found, [])
  for (const [name, request] of Object.entries(http?.requests ?? {})) {
    for (const found of templatesOf(request, ['http', 'requests', name])) yield* checkInRequest(subject, found, [])
  }
  for (const [name, steps] of Object.entries(journeys)) {
    yield* checkSteps(subject, steps, ['journeys', name], [])
  }
  if (openapi) {
    for (const part of ['path', 'headers'] as const) {
      for (const found of templatesIn(openapi[part], ['openapi', part])) yield* checkInRequest(subject, found, [])
    }
    yield* checkSteps(subject, openapi.login, ['openapi', 'login'], [])
    const captured = capturedIn(subject, ['openapi', 'login'], openapi.login.length)
    for (const found of templatesIn(openapi.with, ['openapi', 'with'])) yield* checkInRequest(subject, found, captured)
  }
  if (!events) return
  for (const found of templatesOf(events.ready, ['events', 'ready'])) yield* checkInRequest(subject, found, [])
  const planted = capturedIn(subject, ['events', 'plant'], events.plant.length)
  yield* checkSteps(subject, events.plant, ['events', 'plant'], GIVEN_TO_EVENTS)
  yield* checkSteps(subject, events.check, ['events', 'check'], [...GIVEN_TO_EVENTS, ...planted])
}

const GIVEN_TO_EVENTS = ['event', 'eventNumber']

/** @param given what is known before the first step */
function* checkSteps(subject: Subject, steps: JourneyStep[], at: Path, given: string[]): Generator<Finding> {
  for (const [index, { request }] of steps.entries()) {
    const step = [...at, index]
    const captured = [...given, ...capturedIn(subject, at, subject.inFile(step).at(-1) as number)]
    for (const found of templatesOf(request, [...step, 'request'])) yield* checkInRequest(subject, found, captured)
  }
}

/** By the first so many steps, those with a problem included. */
function capturedIn({ written }: Subject, steps: Path, count: number): string[] {
  return Array.from({ length: count }, (_, earlier) => written([...steps, earlier, 'capture'])).flat()
}

function templatesOf({ path, headers, json, form, upload, text }: Request, at: Path): Found[] {
  const parts = { path, headers, json, form, upload, text } as Record<string, Json | undefined>
  return Object.entries(parts).flatMap(([key, part]) => [...templatesIn(part, [...at, key])])
}

/** @param captured What earlier steps of the journey have captured. */
function* checkInRequest(subject: Subject, { text, path }: Found, captured: string[]): Generator<Finding> {
  const [owner, member] = text.split(/\.(.*)/) as [string, string | undefined]
  if (member === undefined) {
    if (captured.includes(text)) return
    const usable = captured.length > 0 ? ` (captured before: ${captured.join(', ')})` : ''
    yield { path, message: `\${${text}} is not captured by an earlier step${didYouMean(text, captured)}${usable}` }
  } else if (owner === 'vars') {
    yield* checkEverywhere(subject, path, `\${${text}} is not defined under vars of`, member, ({ section }) =>
      section.written([...section.at, 'vars']),
    )
  } else if (member === 'baseUrl' || member === 'origin') {
    yield* checkEverywhere(
      subject,
      path,
      `\${${text}}: there is no service "${owner}" in`,
      owner,
      ({ rules, section }) => rules.roles(section)?.roles,
    )
  } else {
    const usable = '${NAME} of an earlier capture, ${vars.NAME}, ${ROLE.baseUrl} and ${ROLE.origin}'
    yield { path, message: `\${${text}} stands for nothing; what can be used here: ${usable}` }
  }
}

/** @param namesIn What can be named in an environment; undefined when that cannot be told. */
function* checkEverywhere(
  subject: Subject,
  path: Path,
  problem: string,
  wanted: string,
  namesIn: (environment: EnvironmentSubject) => string[] | undefined,
): Generator<Finding> {
  const known = environmentsOf(subject).map((environment) => ({ name: environment.name, names: namesIn(environment) }))
  const lacking = known.filter(({ names }) => names && !names.includes(wanted))
  if (lacking.length === 0) return
  const isElsewhere = lacking.length < known.length
  const hint = isElsewhere ? '' : didYouMean(wanted, new Set(known.flatMap(({ names }) => names ?? [])))
  yield { path, message: `${problem} ${lacking.map(({ name }) => name).join(', ')}${hint}` }
}
