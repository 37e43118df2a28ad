import type { Json } from '../../model.ts'
import type { Contract, Declared } from '../contract.ts'
import { faultOf } from '../value.ts'
import { byRole, type Project, type Question, variablesIn } from './question.ts'

export const variables: Question = {
  name: 'static/variables',
  question: 'Which variables is it given, do they say the same, and does anything read them?',
  ask: (contract, project) =>
    byRole(contract, project.ownRoles, (declared, role) => ({
      values: project.withoutVariables.includes(role) ? null : values(declared, project),
      unread: unread(declared, contract, project),
      malformed: malformed(declared),
      otherThanItsImageMates: otherThanMates(declared, contract, project),
    })),
}

/** Of a secret only that there is one, `true`: each environment has its own, and a text would be taken for the secret. */
function values(declared: Declared, { isSecret }: Project): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(variablesIn(declared)).map(([name, { value }]) => [
      name,
      isSecret(name) && value !== '' ? true : (value ?? '<not in the files>'),
    ]),
  )
}

function malformed(declared: Declared): string[] {
  return Object.entries(variablesIn(declared)).flatMap(([name, { value }]) => {
    const fault = value === undefined ? undefined : faultOf(name, value)
    return fault ? [`${name} ${fault}`] : []
  })
}

/** Roles that run from the same Dockerfile and are given the same name, but another value. */
function otherThanMates(declared: Declared, { roles }: Contract, { ownRoles }: Project): string[] {
  const mates = ownRoles
    .flatMap((role) => roles[role] ?? [])
    .filter((mate) => mate !== declared && mate.image.build?.dockerfile === declared.image.build?.dockerfile)
  return Object.entries(declared.variables)
    .filter(([name, { value }]) =>
      mates.some((mate) => name in mate.variables && mate.variables[name]?.value !== value),
    )
    .map(([name]) => name)
    .sort()
}

/** Programs of others read these, so that they stand in no file of the project. */
const READ_BY_OTHERS =
  /^(PATH|HOME|USER|TZ|LANG|LANGUAGE|LC_\w+|PORT|DEBUG|HOSTNAME|TERM|CI|WEB_CONCURRENCY|C_FORCE_ROOT|\w+_PROXY|\w+_proxy)$|^(PYTHON|PIP_|UV_|NODE_|NPM_|NGINX_|CELERY|FLOWER_|GUNICORN_|UVICORN_|DJANGO_|POSTGRES|PG|REDIS|RABBITMQ_|SENTRY_|OTEL_|AWS_|VITE_|REACT_APP_|NEXT_|WATCHPACK_|CHOKIDAR_|MALLOC_|GOMAXPROCS)/

/** Given by the environment, but standing in no text file of the builds, nor in a command line. */
function unread(declared: Declared, { roles, tasks }: Contract, { textIn }: Project): string[] {
  if (!declared.image.build) return []
  const all = [...Object.values(roles), ...Object.values(tasks)]
  const contexts = [...new Set(all.flatMap(({ image }) => image.build?.context ?? []))]
  const commands = all.flatMap(({ entrypoint = [], command = [], checks }) => [
    ...entrypoint,
    ...command,
    ...checks.flatMap(({ command = [] }) => command),
  ])
  const text = [...contexts.map(textIn), ...commands].join('\n').toUpperCase()
  return Object.keys(declared.variables)
    .filter((name) => !READ_BY_OTHERS.test(name) && !isNamed(name.toUpperCase(), text))
    .sort()
}

/** As a whole, or in two parts as with a prefix that is set once: `env_prefix="SHOP_"` and `debug`. */
function isNamed(name: string, text: string): boolean {
  if (text.includes(name)) return true
  return [...name.matchAll(/_/g)].some(({ index }) => {
    const [prefix, rest] = [name.slice(0, index + 1), name.slice(index + 1)]
    return rest !== '' && new RegExp(`["'\`]${prefix}["'\`]`).test(text) && new RegExp(`\\b${rest}\\b`).test(text)
  })
}
