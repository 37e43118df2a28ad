/** Services and steps of a `containers` environment fit together. */

import { didYouMean, nearest } from '../../config/nearest.ts'
import { checkExpression } from '../../config/notation.ts'
import { dotted, type Finding } from '../../config/problem.ts'
import type { ContainersSpec } from '../../config/schema.ts'
import { checkStages, filesOfImages } from './images.ts'
import { checkNeeds } from './needs.ts'
import type { NamedFile, Section, SpecRules } from './rules.ts'

type Containers = Section<ContainersSpec>

export const containers: SpecRules<ContainersSpec> = {
  roles({ at, written }) {
    const services = written([...at, 'services'])
    return { roles: services, services, called: 'services', remedy: 'add it under' }
  },

  withoutPort({ spec, at, written }, role) {
    const path = [...at, 'services', role]
    return Object.hasOwn(spec.services, role) && !written(path).includes('port') ? path : undefined
  },

  *files(section): Generator<NamedFile> {
    yield* filesOfImages(section)
    for (const [role, service] of Object.entries(section.spec.services)) {
      for (const [target, file] of Object.entries(service.files)) {
        yield { file, type: 'file or folder', path: [...section.at, 'services', role, 'files', target] }
      }
    }
  },

  *templated({ spec, at }) {
    for (const [role, { env }] of Object.entries(spec.services)) {
      yield { value: env, path: [...at, 'services', role, 'env'] }
    }
    for (const [name, { env }] of Object.entries(spec.steps)) yield { value: env, path: [...at, 'steps', name, 'env'] }
  },

  templates(section) {
    const choice = { called: 'service', names: section.written([...section.at, 'services']) }
    return [
      { form: '${ROLE.host}', choice },
      { form: '${ROLE.port}', choice, obstacle: (role) => unreachable(section, role) },
    ]
  },

  *findings(section): Generator<Finding> {
    yield* checkStages(section)
    yield* checkServices(section)
    yield* checkSteps(section)
    yield* checkNeeds(section)
  },
}

function unreachable({ spec, at, written }: Containers, role: string): string | undefined {
  const path = [...at, 'services', role]
  const isReachable = written(path).some((key) => key === 'port' || key === 'postgres' || key === 'redis')
  return Object.hasOwn(spec.services, role) && !isReachable ? `${dotted(path)} has no port` : undefined
}

const SOURCES = ['image', 'postgres', 'redis']

function* checkServices({ spec, at, written }: Containers): Generator<Finding> {
  for (const [role, service] of Object.entries(spec.services)) {
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
    const { ready } = service
    if (typeof ready === 'object' && 'log' in ready) yield* checkExpression(ready.log, [...path, 'ready', 'log'])
  }
}

function* checkSteps({ spec, at, written }: Containers): Generator<Finding> {
  const services = written([...at, 'services'])
  for (const [name, step] of Object.entries(spec.steps)) {
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
