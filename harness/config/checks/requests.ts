/** The requests of the http probe and of the journeys. */
import type { Finding, Path } from '../problem.ts'
import type { ParityFile, Request } from '../schema.ts'
import type { Subject } from './index.ts'

/** Every request that parity.yaml holds, with its place. */
export function* requestsOf({ http, journeys, events }: ParityFile): Generator<{ request: Request; path: Path }> {
  for (const [name, request] of Object.entries(http?.requests ?? {}))
    yield { request, path: ['http', 'requests', name] }
  for (const [journey, steps] of Object.entries(journeys)) {
    for (const [index, { request }] of steps.entries()) yield { request, path: ['journeys', journey, index, 'request'] }
  }
  if (!events) return
  yield { request: events.ready, path: ['events', 'ready'] }
  for (const part of ['plant', 'check'] as const) {
    for (const [index, { request }] of events[part].entries())
      yield { request, path: ['events', part, index, 'request'] }
  }
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
  for (const [journey, steps] of Object.entries(settings.journeys)) {
    yield* checkNames(steps, ['journeys', journey])
  }
  for (const part of ['plant', 'check'] as const) {
    yield* checkNames(settings.events?.[part] ?? [], ['events', part])
  }
  yield* checkNames(settings.prepare, ['prepare'])
}

function* checkNames(items: { name: string }[], at: Path): Generator<Finding> {
  for (const [index, { name }] of items.entries()) {
    if (items.findIndex((item) => item.name === name) === index) continue
    yield { path: [...at, index, 'name'], message: `another one before is named "${name}"` }
  }
}
