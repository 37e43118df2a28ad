/** The compose file for production of a project that has one beside the one for development. */
import { basename, dirname } from 'node:path'
import { type Composed, read } from './compose.ts'
import { type Found, isStore, servicesOf } from './services.ts'

const NAME = /^((docker-)?compose[.-])?(production|prod)\.ya?ml$/

export interface Production {
  /** Relative to the project: it alone, or the one for development before it. */
  files: string[]
  services: Found[]
}

/**
 * By itself where it has every store of development, else laid over that one.
 * @returns undefined without such a file. @throws CommandError with what compose finds wrong
 */
export async function productionIn(
  folder: string,
  projectFiles: string[],
  { files: [main = ''] }: Composed,
  services: Found[],
): Promise<Production | undefined> {
  const file = projectFiles.find((file) => dirname(file) === dirname(main) && NAME.test(basename(file)))
  if (!file) return undefined
  const known = new Map(services.map(({ name, role }) => [name, role]))
  const described = ({ files, services }: Composed) => ({ files, services: servicesOf(folder, services, known) })
  const readable = await read(folder, [file]).catch(() => undefined)
  const alone = readable && described(readable)
  const isWhole = services.every(({ role }) => !isStore(role) || alone?.services.some((other) => other.role === role))
  return alone && isWhole ? alone : described(await read(folder, [main, file]))
}

/** The services that both compose files have, with the variables in which they agree, and a port where both have one. */
export function inBoth(services: Found[], others: Found[]): Found[] {
  return services.flatMap((service) => {
    const other = others.find(({ role }) => role === service.role)
    const alike = Object.entries(service.environment).filter(([name, value]) => other?.environment[name] === value)
    const port = other?.port === undefined ? undefined : service.port
    return other ? [{ ...service, environment: Object.fromEntries(alike), port }] : []
  })
}
