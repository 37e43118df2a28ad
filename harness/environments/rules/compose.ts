/** The project's own compose files, as far as parity.yaml refers to them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { didYouMean } from '../../config/nearest.ts'
import type { Finding } from '../../config/problem.ts'
import type { ComposeSpec } from '../../config/schema.ts'
import type { NamedFile, Section, SpecRules } from './rules.ts'

export const compose: SpecRules<ComposeSpec> = {
  roles(section) {
    const services = composeServices(section)
    const mapped = section.written([...section.at, 'services'])
    return services && { roles: [...services, ...mapped], services, called: 'compose services', remedy: 'map it under' }
  },

  /** Compose publishes ports by itself. */
  withoutPort: () => undefined,

  *files({ spec: { file, envFile }, at }): Generator<NamedFile> {
    if (typeof file === 'string') yield { file, type: 'file', path: [...at, 'file'] }
    else for (const [index, one] of file.entries()) yield { file: one, type: 'file', path: [...at, 'file', index] }
    if (envFile) yield { file: envFile, type: 'file', path: [...at, 'envFile'] }
  },

  *templated({ spec, at }) {
    yield { value: spec.env, path: [...at, 'env'] }
    for (const [name, { env }] of Object.entries(spec.steps)) yield { value: env, path: [...at, 'steps', name, 'env'] }
  },

  templates: () => [],

  *findings(section): Generator<Finding> {
    const { spec, at } = section
    const services = composeServices(section)
    if (!services) return
    for (const [role, service] of Object.entries(spec.services)) {
      if (services.includes(service)) continue
      yield {
        path: [...at, 'services', role],
        message: `the compose file has no service "${service}"${didYouMean(service, services)} (compose services: ${services.join(', ')})`,
      }
    }
    const roles = [...new Set([...Object.keys(spec.services), ...services])]
    for (const [name, { service }] of Object.entries(spec.steps)) {
      if (roles.includes(service)) continue
      yield {
        path: [...at, 'steps', name, 'service'],
        message: `there is no service "${service}"${didYouMean(service, roles)} (services: ${roles.join(', ')})`,
      }
    }
    for (const role of Object.keys(spec.ports)) {
      if (roles.includes(role)) continue
      yield {
        path: [...at, 'ports', role],
        message: `there is no service "${role}"${didYouMean(role, roles)} (services: ${roles.join(', ')})`,
        part: 'key',
      }
    }
  },
}

/**
 * The services that compose starts with the environment's profiles.
 * Undefined when that cannot be told: a file cannot be read, or it includes others, which compose alone can resolve.
 */
function composeServices({ spec, directory }: Section<ComposeSpec>): string[] | undefined {
  const names: string[] = []
  for (const file of [spec.file].flat()) {
    const content = parse(resolve(directory, file))
    if (!isMap(content) || 'include' in content || !isMap(content.services ?? {})) return undefined
    for (const [name, service] of Object.entries(content.services ?? {})) {
      if (isEnabled(service, spec.profiles)) names.push(name)
    }
  }
  return [...new Set(names)]
}

/** https://docs.docker.com/reference/compose-file/profiles/ */
function isEnabled(service: unknown, enabled: string[]): boolean {
  const profiles = isMap(service) && Array.isArray(service.profiles) ? service.profiles.map(String) : []
  return profiles.length === 0 || enabled.includes('*') || profiles.some((profile) => enabled.includes(profile))
}

/** Compose is the judge of its own files: what cannot be parsed here is left to it. */
function parse(file: string): unknown {
  try {
    return parseDocument(readFileSync(file, 'utf8'), { merge: true, logLevel: 'silent' }).toJS()
  } catch {
    return undefined
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
