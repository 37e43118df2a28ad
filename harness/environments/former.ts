/** What was seen of services that a verb has replaced has their addresses: they are remembered. */
import { isDeepStrictEqual } from 'node:util'
import type { Environment, Service } from '../model.ts'

/** Puts services in the places of those that carried their roles. */
export function putServices(environment: Environment, now: Service[]): void {
  const { services } = environment
  for (const service of now) {
    const was = services[service.role]
    if (was && !isDeepStrictEqual(was, service)) remember(environment, [was])
    services[service.role] = service
  }
}

/** Also for replicas, which are in the place of no other. */
export function remember({ formerServices }: Environment, services: Service[]): void {
  const until = new Date().toISOString()
  formerServices?.push(...services.map((service) => ({ service, until })))
}
