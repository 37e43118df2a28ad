/** What keeps a run from passing, place by place, with what can be told of each place from its pointer alone. */
import type { Difference, Json, Recording, Result, Role } from '../../model.ts'
import { escapeToken, isObject, tokensOf, valueAt } from '../json.ts'
import { isServiceLink, nameOf } from './names.ts'

export interface Trouble {
  probe: string
  /** The probe's name up to the first slash. */
  family: string
  pointer: string
  tokens: string[]
  reference?: Json
  candidate?: Json
  verdict: 'different' | 'unknown'
  reason?: string
  basis?: 'read'
  role?: Role
  /** `tokens` with `*` in the place of the role, so that the same thing of two roles has the same shape. */
  shape: string[]
  /** The request, step or page that it belongs to; undefined for what is no answer. */
  answer?: string
  /** Where that answer stands in its observation, so that later steps are known as later. */
  answerIndex: number
  /** Nothing can be said of the whole result. */
  isWhole: boolean
}

/** The troubles of one environment, in the order of the results. */
export function troublesOf(recording: Recording, results: Result[], environment: string): Trouble[] {
  const roles = rolesOf(recording)
  return results
    .filter((result) => result.environment === environment)
    .flatMap((result) => {
      const whole: Difference[] = result.reason === undefined ? [] : [{ pointer: '', verdict: 'unknown' }]
      const places = result.differences.filter(({ verdict }) => verdict === 'different' || verdict === 'unknown')
      const answers = places.length ? answersOf(recording, result.probe) : []
      return [...whole, ...places].map((difference) => trouble(recording, roles, result, difference, answers))
    })
}

function trouble(
  recording: Recording,
  roles: Role[],
  result: Result,
  difference: Difference,
  answers: string[],
): Trouble {
  const { probe, basis } = result
  const tokens = tokensOf(difference.pointer)
  const { role, shape } = roleIn(tokens, roles)
  const [question = ''] = tokens
  const request = recording.requests?.find((other) => other.probe === probe && isAbout(question, other.name))
  const about = request?.role ?? role
  const { reference, candidate } = difference
  return {
    probe,
    family: probe.split('/', 1)[0] as string,
    pointer: difference.pointer,
    tokens,
    shape,
    ...(reference !== undefined && { reference }),
    ...(candidate !== undefined && { candidate }),
    verdict: difference.verdict as Trouble['verdict'],
    ...((difference.reason ?? result.reason) !== undefined && { reason: difference.reason ?? result.reason }),
    ...(basis && { basis }),
    ...(about !== undefined && { role: about }),
    ...(answers.includes(question) && { answer: question }),
    answerIndex: answers.indexOf(question),
    isWhole: result.reason !== undefined && difference.pointer === '',
  }
}

/** The request itself, or one that was made of it: `HEAD of home`, `home, behind TLS`. */
function isAbout(question: string, request: string): boolean {
  return question === request || question === `HEAD of ${request}` || question.startsWith(`${request}, `)
}

/** Probes name what they speak of first: `/web/user`, `/python/web/…`, `/web ~1admin~1`, `/missing page of web/…`. */
function roleIn(tokens: string[], roles: Role[]): { role?: Role; shape: string[] } {
  for (const [at, token] of tokens.slice(0, 3).entries()) {
    if (roles.includes(token)) return { role: token, shape: tokens.with(at, '*') }
  }
  const [first = ''] = tokens
  const role = roles.find((role) => first.startsWith(`${role} /`) || first.endsWith(` of ${role}`))
  return role === undefined ? { shape: tokens } : { role, shape: tokens }
}

function rolesOf({ environments }: Recording): Role[] {
  return [...new Set(environments.flatMap(({ services }) => Object.keys(services)))]
}

/** Members that have a status are answers; an error stands where there was none, so any observation may tell. */
function answersOf({ observations }: Recording, probe: string): string[] {
  const values = observations.filter((observation) => observation.probe === probe).map(({ value }) => value)
  const names = [...new Set(values.flatMap((value) => (isObject(value) ? Object.keys(value) : [])))]
  const haveStatus = names.some((name) => values.some((value) => valueAt(value, pointerTo(name)) !== undefined))
  return haveStatus ? names : []
}

function pointerTo(name: string): string {
  return `/${escapeToken(name)}/status`
}

export function direction({ reference, candidate }: Trouble): 'lacks' | 'adds' | 'changed' {
  return candidate === undefined ? 'lacks' : reference === undefined ? 'adds' : 'changed'
}

/** All that was asked of a role is missing: the environment has no such role. */
export function lacksRole(trouble: Trouble): boolean {
  return direction(trouble) === 'lacks' && trouble.role !== undefined && trouble.tokens.at(-1) === trouble.role
}

export function isVariable({ family, shape }: Trouble): boolean {
  return family === 'process' && shape[1] === 'environment'
}

/** A variable that somebody has set. Where a user's home is, is looked up. */
export function isGiven(trouble: Trouble): boolean {
  return isVariable(trouble) && nameOf(trouble) !== 'HOME'
}

/** What a program or a store is told to be, as against what came of trying it. */
export function isDeclared({ family, tokens }: Trouble): boolean {
  if (family === 'celery') return tokens[0] === 'roles'
  return family === 'data' && ['server', 'settings'].includes(tokens[1] ?? '')
}

export function isSettingsModule(trouble: Trouble): boolean {
  return /SETTINGS_MODULE$|^settingsModule$/.test(nameOf(trouble))
}

/** A variable that only one side has, as its platform adds it by itself. */
export function isAddedByPlatform(trouble: Trouble): boolean {
  const value = trouble.candidate ?? trouble.reference
  return isVariable(trouble) && direction(trouble) !== 'changed' && isServiceLink(nameOf(trouble), value)
}

export function rolesIn(group: Trouble[]): Role[] {
  return [...new Set(group.flatMap(({ role }) => role ?? []))]
}
