/** Every `${…}` stands for something. */
import type { Json } from '../../model.ts'
import { didYouMean } from '../nearest.ts'
import type { Finding, Path } from '../problem.ts'
import type { EnvironmentSpec, Request } from '../schema.ts'
import type { Subject } from './index.ts'
import { rolesIn } from './roles.ts'

export function* checkTemplates(subject: Subject): Generator<Finding> {
  for (const [name, environment] of Object.entries(subject.settings.environments)) {
    yield* checkVariables(subject, name, environment)
  }
  const { http, journeys } = subject.settings
  for (const found of templatesIn(http?.headers ?? {}, ['http', 'headers'])) yield* checkInRequest(subject, found, [])
  for (const [name, request] of Object.entries(http?.requests ?? {})) {
    for (const found of templatesOf(request, ['http', 'requests', name])) yield* checkInRequest(subject, found, [])
  }
  for (const [name, steps] of Object.entries(journeys)) {
    for (const [index, step] of steps.entries()) {
      const at = ['journeys', name, index]
      const captured = capturedBefore(subject, at)
      for (const found of templatesOf(step.request, [...at, 'request'])) yield* checkInRequest(subject, found, captured)
    }
  }
}

/** By the steps before this one, those with a problem included. */
function capturedBefore({ inFile, written }: Subject, step: Path): string[] {
  const [journeys, name, index] = inFile(step) as ['journeys', string, number]
  return Array.from({ length: index }, (_, earlier) => written([journeys, name, earlier, 'capture'])).flat()
}

interface Template {
  /** What stands between the braces. */
  text: string
  path: Path
}

function* templatesIn(value: Json | undefined, path: Path): Generator<Template> {
  if (typeof value === 'string') {
    for (const [, text] of value.matchAll(/\$\{([^{}]*)\}/g)) yield { text: String(text), path }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* templatesIn(item, [...path, index])
  } else if (value) {
    for (const [key, member] of Object.entries(value)) yield* templatesIn(member, [...path, key])
  }
}

function templatesOf({ path, headers, json, form, upload, text }: Request, at: Path): Template[] {
  const parts = { path, headers, json, form, upload, text } as Record<string, Json | undefined>
  return Object.entries(parts).flatMap(([key, part]) => [...templatesIn(part, [...at, key])])
}

/** In variables only what has a dot is ours; `${NAME}` alone may be meant for the program that reads the variable. */
function* checkVariables(subject: Subject, name: string, environment: EnvironmentSpec): Generator<Finding> {
  const at = ['environments', name]
  const isContainers = environment.kind === 'containers'
  const variables = isContainers
    ? [
        ...Object.entries(environment.services).map(([role, { env }]) => ({
          env,
          path: [...at, 'services', role, 'env'],
        })),
        ...Object.entries(environment.steps).map(([step, { env }]) => ({ env, path: [...at, 'steps', step, 'env'] })),
      ]
    : [{ env: environment.env, path: [...at, 'env'] }]
  const vars = subject.written([...at, 'vars'])
  const services = subject.written([...at, 'services'])
  for (const { text, path } of variables.flatMap(({ env, path }) => [...templatesIn(env, path)])) {
    const [owner, member, ...more] = text.split('.') as [string, string | undefined]
    const service = isContainers ? environment.services[owner] : undefined
    const isAddress = isContainers && more.length === 0 && (member === 'host' || member === 'port')
    if (member === undefined) continue
    if (owner === 'vars') {
      if (!vars.includes(text.slice('vars.'.length))) {
        const what = text.slice('vars.'.length)
        yield {
          path,
          message: `\${${text}} stands for nothing: environments.${name}.vars has no "${what}"${didYouMean(what, vars)}`,
        }
      }
    } else if (!isAddress) {
      const usable = isContainers ? '${ROLE.host}, ${ROLE.port} and ${vars.NAME}' : '${vars.NAME}'
      yield { path, message: `\${${text}} stands for nothing; what can be used here: ${usable}` }
    } else if (!services.includes(owner)) {
      yield {
        path,
        message: `\${${text}}: there is no service "${owner}"${didYouMean(owner, services)} (services: ${services.join(', ')})`,
      }
    } else if (service && member === 'port' && !hasPort(subject, [...at, 'services', owner])) {
      yield { path, message: `\${${text}}: environments.${name}.services.${owner} has no port` }
    }
  }
}

function hasPort({ written }: Subject, service: Path): boolean {
  return written(service).some((key) => key === 'port' || key === 'postgres' || key === 'redis')
}

/** @param captured What earlier steps of the journey have captured. */
function* checkInRequest(subject: Subject, { text, path }: Template, captured: string[]): Generator<Finding> {
  const [owner, member] = text.split(/\.(.*)/) as [string, string | undefined]
  if (member === undefined) {
    if (captured.includes(text)) return
    const usable = captured.length > 0 ? ` (captured before: ${captured.join(', ')})` : ''
    yield { path, message: `\${${text}} is not captured by an earlier step${didYouMean(text, captured)}${usable}` }
  } else if (owner === 'vars') {
    yield* checkEverywhere(subject, path, `\${${text}} is not defined under vars of`, member, (name) =>
      subject.written(['environments', name, 'vars']),
    )
  } else if (member === 'baseUrl' || member === 'origin') {
    yield* checkEverywhere(
      subject,
      path,
      `\${${text}}: there is no service "${owner}" in`,
      owner,
      (name, environment) => rolesIn(environment, name, subject)?.roles,
    )
  } else {
    const usable = '${NAME} of an earlier capture, ${vars.NAME}, ${ROLE.baseUrl} and ${ROLE.origin}'
    yield { path, message: `\${${text}} stands for nothing; what can be used here: ${usable}` }
  }
}

/** @param namesIn What can be named in an environment; undefined when that cannot be told. */
function* checkEverywhere(
  { settings }: Subject,
  path: Path,
  problem: string,
  wanted: string,
  namesIn: (name: string, environment: EnvironmentSpec) => string[] | undefined,
): Generator<Finding> {
  const known = Object.entries(settings.environments).map(([name, spec]) => ({ name, names: namesIn(name, spec) }))
  const lacking = known.filter(({ names }) => names && !names.includes(wanted))
  if (lacking.length === 0) return
  const isElsewhere = lacking.length < known.length
  const hint = isElsewhere ? '' : didYouMean(wanted, new Set(known.flatMap(({ names }) => names ?? [])))
  yield { path, message: `${problem} ${lacking.map(({ name }) => name).join(', ')}${hint}` }
}
