/** Templates in Helm values and in the variables of containers. */
import type { ContainersSpec, KubernetesSpec } from '../config/schema.ts'
import { POSTGRES_PORT, REDIS_PORT } from './companions.ts'
import type { BuiltImage } from './images.ts'

export interface Fillers {
  namespace: string
  images: Record<string, BuiltImage>
  spec: KubernetesSpec
}

/** Replaces `${namespace}`, `${images.NAME.…}`, `${ROLE.host}`, `${ROLE.port}` and `${vars.NAME}`. */
export function fillerOf({ namespace, images, spec }: Fillers): (text: string) => string {
  return (text) =>
    text.replace(/\$\{([^{}]+)\}/g, (template, expression: string) => {
      const [owner, member] = expression.split('.') as [string, string | undefined]
      if (expression === 'namespace') return namespace
      if (owner === 'vars') return spec.vars[member ?? ''] ?? template
      if (owner === 'images') return imagePart(images, expression) ?? template
      if (member === 'host') return owner
      if (member === 'port') return String(owner in spec.companions.postgres ? POSTGRES_PORT : REDIS_PORT)
      return template
    })
}

/** Replaces `${ROLE.host}` and `${ROLE.port}`, where the other containers reach a service, and `${vars.NAME}`. */
export function fillerOfServices({ services, vars }: ContainersSpec): (text: string) => string {
  return (text) =>
    text
      .replace(/\$\{([a-z][a-z0-9-]*)\.(host|port)\}/g, (_, role: string, what: 'host' | 'port') => {
        if (what === 'host') return role
        const service = services[role]
        return String(service?.port ?? (service?.postgres ? POSTGRES_PORT : REDIS_PORT))
      })
      .replace(/\$\{vars\.(\w+)\}/g, (_, name: string) => vars[name] ?? '')
}

/** `images.NAME.repository`, `.tag`, or `.name` for both. */
function imagePart(images: Record<string, BuiltImage>, expression: string): string | undefined {
  const [, name, part] = expression.split('.') as [string, string, string]
  const full = images[name]?.tag
  if (full === undefined || part === 'name') return full
  const colon = full.lastIndexOf(':')
  return part === 'repository' ? full.slice(0, colon) : full.slice(colon + 1)
}
