/** The variables of a service in production, from those that it has in development. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '../model.ts'
import type { Image } from './images.ts'

export interface Variables {
  env: Record<string, string>
  /** What was changed or left out, and why, in words. */
  changes: string[]
}

const MODE = /^(NODE|FLASK|APP|RAILS|DJANGO|FASTAPI)?_?ENV(IRONMENT)?$/
const DEVELOPMENT = /^(dev|development|local|debug)$/i

/** @param roles by the names under which the compose file knows the services */
export function productionVariables(
  given: Record<string, string>,
  { folder, image, roles }: { folder: string; image?: Image; roles: Map<string, Role> },
): Variables {
  const env: Record<string, string> = {}
  const changes: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const settings = productionModule(value, join(folder, image?.context ?? ''))
    if (/(^|_)DEBUG$/.test(name) || (image?.stage.environment[name] !== undefined && DEVELOPMENT.test(value))) {
      changes.push(`${name} (${value} in development) is left to the image`)
    } else if (MODE.test(name) && DEVELOPMENT.test(value)) {
      env[name] = 'production'
      changes.push(`${name} is ${value} in development`)
    } else if (settings !== undefined) {
      env[name] = settings
      changes.push(`${name} is ${value} in development`)
    } else {
      env[name] = withHosts(name, value, roles)
    }
  }
  return { env, changes }
}

/** `config.settings.development` with a production.py or prod.py beside it. */
function productionModule(value: string, folder: string): string | undefined {
  const [, before] = /^([\w.]+\.)(?:dev|development|local)$/.exec(value) ?? []
  if (before === undefined) return undefined
  const name = ['production', 'prod'].find((each) =>
    existsSync(join(folder, `${before.replaceAll('.', '/')}${each}.py`)),
  )
  return name && `${before}${name}`
}

/** Host names of other services as `${ROLE.host}`: alone, or in a URL. */
function withHosts(name: string, value: string, roles: Map<string, Role>): string {
  const alone = roles.get(value)
  if (alone) return /NAME$|USER|PASS|DATABASE$|_DB$/i.test(name) ? value : `\${${alone}.host}`
  return value.replace(/(:\/\/(?:[^\s/@]*@)?)([\w.-]+)(?=[:/?,]|$)/g, (whole, before: string, host: string) => {
    const role = roles.get(host)
    return role ? `${before}\${${role}.host}` : whole
  })
}
