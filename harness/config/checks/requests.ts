/** The requests of the http probe and of the journeys. */
import type { Finding, Path } from '../problem.ts'
import type { JourneyStep, OpenApiConfig, ParityFile, Request } from '../schema.ts'
import type { Subject } from './index.ts'

/** Every request that parity.yaml holds, with its place. */
export function* requestsOf(settings: ParityFile): Generator<{ request: Request; path: Path }> {
  const { http, events, openapi } = settings
  for (const [name, request] of Object.entries(http?.requests ?? {}))
    yield { request, path: ['http', 'requests', name] }
  for (const { steps, path } of stepListsOf(settings)) {
    for (const [index, { request }] of steps.entries()) yield { request, path: [...path, index, 'request'] }
  }
  if (events) yield { request: events.ready, path: ['events', 'ready'] }
  if (openapi) yield { request: documentRequest(openapi), path: ['openapi'] }
}

/** Every list of steps that parity.yaml holds, with its place. */
export function* stepListsOf({ journeys, events, openapi }: ParityFile): Generator<{
  steps: JourneyStep[]
  path: Path
}> {
  for (const [name, steps] of Object.entries(journeys)) yield { steps, path: ['journeys', name] }
  if (openapi) yield { steps: openapi.login, path: ['openapi', 'login'] }
  for (const part of ['plant', 'check'] as const) {
    if (events) yield { steps: events[part], path: ['events', part] }
  }
}

function documentRequest({ role, path, headers }: OpenApiConfig): Request {
  return { role, path, headers, method: 'GET' }
}

const BODIES = ['json', 'form', 'upload', 'text'] as const

export function* checkRequests({ settings }: Subject): Generator<Finding> {
  for (const { request, path } of requestsOf(settings)) {
    const bodies = BODIES.filter((body) => request[body] !== undefined)
    if (bodies.length < 2) continue
    yield {
      path: [...path, bodies[1] as string],
      message: `a request has one body, this one has ${bodies.join(' and ')}`,
      part: 'key',
    }
  }
  for (const { steps, path } of stepListsOf(settings)) yield* checkNames(steps, path)
  yield* checkNames(settings.prepare, ['prepare'])
}

function* checkNames(items: { name: string }[], at: Path): Generator<Finding> {
  for (const [index, { name }] of items.entries()) {
    if (items.findIndex((item) => item.name === name) === index) continue
    yield { path: [...at, index, 'name'], message: `another one before is named "${name}"` }
  }
}
