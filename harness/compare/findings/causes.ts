/** Which group of troubles is the likely cause of which other one. */
import { canonical, isError } from '../json.ts'
import { nameOf, sameNameApart } from './names.ts'
import {
  isAddedByPlatform,
  isDeclared,
  isGiven,
  isSettingsModule,
  isVariable,
  rolesIn,
  type Trouble,
} from './trouble.ts'

/** The most telling first: what others are explained by stands before what is only seen. */
export function rank(trouble: Trouble): number {
  const { family, shape, tokens, isWhole, answer, candidate } = trouble
  if (isWhole) return 0
  if (isGiven(trouble)) return isSettingsModule(trouble) ? 1 : 2
  if (family === 'settings') return isSettingsModule(trouble) ? 1 : 3
  if (family === 'packages') return 4
  if (isDeclared(trouble) || (family === 'process' && HOW_RUN.includes(tokens[1] ?? ''))) return 4.5
  if (family === 'process' || family === 'image') return 5
  if (answer === undefined) return isError(candidate) && shape.length <= 2 ? 6 : 9
  if (isError(candidate)) return 7
  if (tokens[1] === 'status') return 7
  return tokens[1] === 'body' ? 9 : 8
}

/** What is run, and by whom: the rest of a process follows from it. */
const HOW_RUN = ['argv', 'user']

/** Puts groups below the one that explains them. The order of the groups is kept. */
export function joinCauses(groups: Trouble[][]): Trouble[][] {
  const inOrder = groups.map((group) => group.toSorted((a, b) => rank(a) - rank(b) || a.answerIndex - b.answerIndex))
  const owner = new Map<Trouble[], Trouble[]>()
  for (const group of inOrder) {
    const causes = inOrder
      .filter((other) => other !== group && leadRank(other) < leadRank(group) && leadRank(other) <= 5)
      .map((cause) => ({
        cause,
        score: Math.max(...withRoles(cause).map((one) => (leadRank([one]) <= 5 ? scoreOf(one, group) : 0))),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
    if (causes[0]) owner.set(group, causes[0].cause)
  }
  const top = (group: Trouble[]): Trouble[] => {
    const above = owner.get(group)
    return above ? top(above) : group
  }
  return inOrder
    .filter((group) => !owner.has(group))
    .map((group) => [...group, ...inOrder.filter((other) => other !== group && top(other) === group).flat()])
}

/** What speaks of no role is about those that the others of its group speak of, each. */
function withRoles(cause: Trouble[]): Trouble[] {
  const roles = rolesIn(cause)
  return cause.flatMap((one) =>
    one.role === undefined && roles.length > 0 ? roles.map((role) => ({ ...one, role })) : [one],
  )
}

function leadRank([lead]: Trouble[]): number {
  return lead ? rank(lead) : 0
}

/** How well a difference of a variable, a setting, a package or a process explains others; 0 when it does not. */
function scoreOf(cause: Trouble, group: Trouble[]): number {
  if (!group.some((symptom) => mayReach(cause, symptom))) return 0
  const family = group[0]?.family ?? ''
  if (BUILT.includes(family) || group.some(isGiven)) return 0
  if (group.some(isUnreachable) && !maySetPort(cause)) return 0
  if (isSettingsModule(cause)) return family === 'process' ? 0 : 1
  if (isDeclared(cause)) return group.some((one) => isTriedAs(cause, one)) ? 3 : 0
  // What is asked of a role is said under the role's name, which stands in much that has nothing to do with it.
  const name = nameOf(cause) === cause.role ? '' : nameOf(cause)
  // What differs in how a process runs is put together by role, whatever each fact comes from.
  const text = (family === 'process' ? group.slice(0, 1) : group.slice(0, MAX_READ)).map(textOf).join('\n')
  const told = [cause.reference, cause.candidate].some(
    (value) => typeof value === 'string' && value.length >= 6 && text.includes(value),
  )
  if (cause.family === 'packages') return importsFail(name, text) ? 5 : 0
  if (isName(name) && new RegExp(`\\b${escaped(name)}\\b`).test(text)) return 6
  if (cause.family === 'process' && !isVariable(cause)) {
    if (PROCESS_SYMPTOMS[cause.tokens[1] ?? '']?.test(text)) return 2
    // Another program answers otherwise, where nothing tells more of it.
    return cause.tokens[1] === 'argv' && group.every(({ answer }) => answer !== undefined) ? 0.5 : 0
  }
  if (isName(name) && group.some((symptom) => symptom.family === 'settings' && sameNameApart(name, nameOf(symptom))))
    return 5
  if (told) return 4
  if (isAddedByPlatform(cause)) return 0
  if (isMadeOfVariables(group) && SYMPTOMS.some(([names, symptoms]) => names.test(name) && symptoms.test(text)))
    return 3
  return 0
}

const MAX_READ = 60

/** Of the same store, or of the same tasks, which then are waited for in vain elsewhere too. */
function isTriedAs(cause: Trouble, one: Trouble): boolean {
  if (isDeclared(one)) return false
  if (cause.family === one.family) return cause.family === 'celery' || cause.tokens[0] === one.tokens[0]
  return cause.family === 'celery' && /\bpending\b/i.test(textOf(one))
}

/** A process is what it is whatever variables it has, but for how it reads and writes text. */
function isMadeOfVariables([lead]: Trouble[]): boolean {
  return lead?.family !== 'process' || lead.tokens[1] === 'charset'
}

/** Nobody took the connection. */
function isUnreachable({ candidate }: Trouble): boolean {
  return isError(candidate) && /\bECONN(?:REFUSED|RESET)\b/.test(candidate.$error)
}

/** How a program is run, or a variable that speaks of its port; no setting of one that runs does. */
function maySetPort(cause: Trouble): boolean {
  return cause.family === 'process' && (!isVariable(cause) || /port|bind|listen/i.test(textOf(cause)))
}

/** A role's own configuration explains what that role does, and background work, of which all roles have a part. */
function mayReach(cause: Trouble, { role, family }: Trouble): boolean {
  if (cause.role === undefined || role === undefined || role === cause.role) return true
  return ['celery', 'tasks', 'ticks', 'journey', 'event', 'data'].includes(family)
}

/** Made by a build, which knows nothing of what is given to a container. */
const BUILT = ['packages', 'image']

function textOf({ probe, pointer, candidate, reference, reason }: Trouble): string {
  return [probe, pointer, canonical(candidate ?? null), canonical(reference ?? null), reason ?? '']
    .join(' ')
    .slice(0, 4000)
}

function importsFail(name: string, text: string): boolean {
  const module = escaped(name.replace(/^(?:python|django)-/, '')).replaceAll(/-|_/g, '[-_]')
  return new RegExp(
    `(?:No module named|Cannot find (?:module|package)|ImportError).*${module}|${module}.*not installed`,
    'i',
  ).test(text)
}

const PROCESS_SYMPTOMS: { [fact: string]: RegExp } = {
  user: /permission|denied|EACCES|read-only|\/(?:privileges|environment\/HOME)\b/i,
  directory: /No such file|not found|No module named/i,
  listening: /refused|ECONNREFUSED|reachable/i,
  argv: /refused|ECONNREFUSED|pending|warm|signal|SIGTERM|exit/i,
}

/** What Django, Celery and web servers do with a setting of such a name, and where a wrong one shows. */
const SYMPTOMS: [names: RegExp, symptoms: RegExp][] = [
  [/DEBUG/, /DEBUG|Traceback|Using the URLconf|Exception|technical/],
  [/ALLOWED_?HOSTS?/, /DisallowedHost|HTTP_HOST|Bad Request|\b400\b/],
  [/CORS|ORIGIN/, /access-control-|cors/i],
  [/CSRF|TRUSTED|ORIGIN/, /csrf|Origin checking|\b403\b/i],
  [/SSL|SECURE|HTTPS|HSTS|PROXY/, /https:|strict-transport|"Secure|\b301\b|location/i],
  [/SESSION|COOKIE/, /cookie|session/i],
  [/STATIC|WHITENOISE|ASSET|CDN|VITE_|REACT_APP_|PUBLIC_URL/, /static|stylesheet|scripts|\.css|\.js|suspect/i],
  [/MEDIA|STORAGE|UPLOAD|BUCKET|S3/, /media|upload|attach|download|No such file|FileNotFound/i],
  [/BROKER|CELERY|AMQP|RABBIT|QUEUE|RESULT|TASK/, /celery|task|pending|roundTrip|broker|queue/i],
  [/REDIS|CACHE/, /(?<!no-)cache(?!-?control)|redis|celery|pending|roundTrip|throttl/i],
  [
    /DATABASE|POSTGRES|PG|MYSQL|SQL|(?:^|_)DB(?:_|$)/,
    /database|psycopg|OperationalError|postgres|relation|\b50[03]\b/i,
  ],
  [/PASSWORD|SECRET|TOKEN|KEY/, /authentication|credential|signature|password|\b401\b|\b403\b/i],
  [/TIME_?ZONE|^TZ$|USE_TZ/, /\d\d:\d\d|time/i],
  [/LANG|LOCALE|^LC_|ENCODING/, /content-language|language|charset|Unicode|ascii/i],
  [/EMAIL|SMTP|MAIL/, /mail|smtp/i],
  [/LOG/, /\blogs?\b/i],
]

function isName(name: string): boolean {
  return name.length >= 4
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
