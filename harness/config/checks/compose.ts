/** The project's own compose files, as far as parity.yaml refers to them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { didYouMean } from '../nearest.ts'
import type { Finding } from '../problem.ts'
import type { ComposeSpec } from '../schema.ts'
import type { Subject } from './index.ts'

export function* checkComposeFiles({ directory, settings }: Subject): Generator<Finding> {
  for (const [name, environment] of Object.entries(settings.environments)) {
    if (environment.kind !== 'compose') continue
    const services = composeServices(environment, directory)
    if (!services) continue
    for (const [role, service] of Object.entries(environment.services)) {
      if (services.includes(service)) continue
      yield {
        path: ['environments', name, 'services', role],
        message: `the compose file has no service "${service}"${didYouMean(service, services)} (compose services: ${services.join(', ')})`,
      }
    }
    for (const role of Object.keys(environment.ports)) {
      if (Object.hasOwn(environment.services, role) || services.includes(role)) continue
      const roles = [...new Set([...Object.keys(environment.services), ...services])]
      yield {
        path: ['environments', name, 'ports', role],
        message: `there is no service "${role}"${didYouMean(role, roles)} (services: ${roles.join(', ')})`,
        part: 'key',
      }
    }
  }
}

/**
 * The services that compose starts with the environment's profiles.
 * Undefined when that cannot be told: a file cannot be read, or it includes others, which compose alone can resolve.
 */
export function composeServices(environment: ComposeSpec, directory: string): string[] | undefined {
  const names: string[] = []
  for (const file of [environment.file].flat()) {
    const compose = parse(resolve(directory, file))
    if (!isMap(compose) || 'include' in compose || !isMap(compose.services ?? {})) return undefined
    for (const [name, service] of Object.entries(compose.services ?? {})) {
      if (isEnabled(service, environment.profiles)) names.push(name)
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
