/** Services and steps of a `containers` environment fit together. */
import { didYouMean, nearest } from '../nearest.ts'
import type { Finding, Path } from '../problem.ts'
import type { ContainersSpec } from '../schema.ts'
import type { Subject } from './index.ts'

export function* checkContainers(subject: Subject): Generator<Finding> {
  for (const [name, environment] of Object.entries(subject.settings.environments)) {
    if (environment.kind !== 'containers') continue
    const at = ['environments', name]
    yield* checkServices(subject, environment, at)
    yield* checkSteps(subject, environment, at)
    yield* checkNeeds(subject, environment, at)
  }
}

const SOURCES = ['image', 'postgres', 'redis']

function* checkServices({ written }: Subject, { services }: ContainersSpec, at: Path): Generator<Finding> {
  for (const [role, service] of Object.entries(services)) {
    const path = [...at, 'services', role]
    const keys = written(path)
    const sources = SOURCES.filter((source) => keys.includes(source))
    const isMisspelt = sources.length === 0 && keys.some((key) => nearest(key, SOURCES))
    if (sources.length !== 1 && !isMisspelt) {
      const has = sources.join(' and ') || 'none of them'
      yield { path, message: `must have exactly one of ${SOURCES.join(', ')}; has ${has}`, part: 'key' }
    }
    for (const member of ['files', 'volumes'] as const) {
      for (const target of Object.keys(service[member])) {
        if (target.startsWith('/')) continue
        yield { path: [...path, member, target], message: 'must be an absolute path in the container', part: 'key' }
      }
    }
  }
}

function* checkSteps({ written }: Subject, { steps }: ContainersSpec, at: Path): Generator<Finding> {
  const services = written([...at, 'services'])
  for (const [name, step] of Object.entries(steps)) {
    if (services.includes(name)) {
      yield { path: [...at, 'steps', name], message: 'a service has the same name', part: 'key' }
    }
    if (!services.includes(step.service)) {
      yield {
        path: [...at, 'steps', name, 'service'],
        message: `there is no service "${step.service}"${didYouMean(step.service, services)} (services: ${services.join(', ')})`,
      }
    }
  }
}

function* checkNeeds({ written }: Subject, { services, steps }: ContainersSpec, at: Path): Generator<Finding> {
  const known = [...written([...at, 'services']), ...written([...at, 'steps'])]
  const nodes = Object.entries({ services, steps }).flatMap(([kind, members]) =>
    Object.entries(members).map(([name, { needs }]) => ({ name, needs, path: [...at, kind, name, 'needs'] })),
  )
  for (const { path, needs } of nodes) {
    for (const [index, need] of needs.entries()) {
      if (known.includes(need)) continue
      yield {
        path: [...path, index],
        message: `there is no service or step "${need}"${didYouMean(need, known)} (services and steps: ${known.join(', ')})`,
      }
    }
  }
  const needsOf = new Map(nodes.map(({ name, needs }) => [name, needs]))
  for (const circle of circles(needsOf)) {
    const first = nodes.findLast(({ name }) => name === circle[0])
    yield {
      path: first?.path ?? at,
      message: `needs go in a circle: ${[...circle, circle[0]].join(' → ')}`,
      part: 'key',
    }
  }
}

function circles(needsOf: Map<string, string[]>): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (name: string, trail: string[]) => {
    if (trail.includes(name)) found.push(trail.slice(trail.indexOf(name)))
    if (trail.includes(name) || done.has(name)) return
    for (const need of needsOf.get(name) ?? []) visit(need, [...trail, name])
    done.add(name)
  }
  for (const name of needsOf.keys()) visit(name, [])
  return found
}
