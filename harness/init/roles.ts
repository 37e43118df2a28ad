/** What a service is for, guessed from its image, its command, its name and whether it serves something. */
import type { Role } from '../model.ts'

export interface Clues {
  name: string
  /** Of one that the project builds, the image at its root. */
  image: string
  command: string[]
  /** Whether the project builds its image. */
  own: boolean
  serves: boolean
}

/** In this order: what a command says is worth more than a name. */
export function roleOf({ name, image, command, own, serves }: Clues): Role {
  if (DATABASE.test(image)) return 'database'
  if (CACHE.test(image)) return 'cache'
  const words = command.join(' ')
  if (own && SCHEDULER.test(words)) return 'beat'
  if (own && WORKER.test(words)) return 'worker'
  if (own && SCHEDULER.test(name)) return 'beat'
  if (own && WORKER.test(name)) return 'worker'
  if (own && serves) return CLIENT.test(name) ? 'client' : 'web'
  return asName(name)
}

const DATABASE = /(^|\/)(postgres(ql)?|postgis|timescaledb(-ha)?|pgvector)(:|@|$)/
const CACHE = /(^|\/)(redis|valkey|keydb)(-stack)?(-server)?(:|@|$)/
const SCHEDULER = /(^|[\s_-])((celery)?beat|(rq)?scheduler)($|[\s_-])/i
const WORKER = /(^|[\s_/-])(celery|(celery_?)?workers?|rq|rqworker|dramatiq|huey|arq|procrastinate)($|[\s_-])/i
const CLIENT = /client|front|spa|(^|[_-])ui($|[_-])/i

/**
 * Gives each a role of its own: where two are guessed to be the same, the later one keeps its name.
 * @param known roles by the names of services, which are not guessed again
 */
export function rolesOf(services: Clues[], known = new Map<string, Role>()): Map<string, Role> {
  const roles = new Map([...known].filter(([name]) => services.some((service) => service.name === name)))
  const taken = new Set<Role>(roles.values())
  for (const clues of services.filter(({ name }) => !roles.has(name))) {
    const role = [roleOf(clues), asName(clues.name), `${asName(clues.name)}-2`].find(
      (guess) => !taken.has(guess),
    ) as Role
    taken.add(role)
    roles.set(clues.name, role)
  }
  return roles
}

/** As names are written in parity.yaml. */
export function asName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return name || 'app'
}
