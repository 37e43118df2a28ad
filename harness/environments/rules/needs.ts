/** What services and steps wait for is there, and does not wait for them. */
import { didYouMean } from '../../config/nearest.ts'
import type { Finding } from '../../config/problem.ts'
import type { ContainersSpec } from '../../config/schema.ts'
import type { Section } from './rules.ts'

export function* checkNeeds({ spec, at, written }: Section<ContainersSpec>): Generator<Finding> {
  const { services, steps } = spec
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
