/** The settings in effect in the running processes of each role, whatever a file says. */
import { equal, isObject } from '../compare/json.ts'
import type { ParityFile, SettingsConfig } from '../config/schema.ts'
import type { Json, Probe, Role, Service } from '../model.ts'
import { ObservableError } from './error.ts'
import { askRoles, jsonFromService, rolesOf, scriptOf } from './inside.ts'

/** What inside/settings.py prints of a role, with `seenIn` as a remark. */
type Answer = { settings: { [name: string]: Json } } & { [member: string]: Json }

export function settingsProbe(file: ParityFile): Probe | null {
  const named = file.settings
  // A project that says where its Python is has settings to look at, most likely; where nothing runs Django, nothing is told.
  const looksLikeIt = file.celery !== undefined || Object.keys(file.packages?.python ?? {}).length > 0
  if (!named && !looksLikeIt) return null
  return {
    name: 'settings',
    question: 'Which settings are in effect in the running processes of each role, and do its roles agree?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const source = await settingsScript()
      const roles = named?.roles ? Object.keys(named.roles) : rolesOf(environment, 'own')
      const oneOff = named?.oneOff ?? (roles.includes('web') ? 'web' : roles[0])
      const answers = await askRoles(environment, roles, (service) => ask(service, { file, source, oneOff, signal }))
      if (named && Object.values(answers).every((answer) => answer === null)) {
        throw new Error(`${NOTHING} of ${roles.join(', ')}: name a command that prints them under settings.roles`)
      }
      return arrange(answers, oneOff)
    },
  }
}

/** Two fresh processes, each with its own limit, at the worst. */
const TIMEOUT_SECONDS = 150
const NOTHING = "Django's settings are loaded in no process"

/** What runs inside a service, through its standard input. */
export function settingsScript(): Promise<string> {
  return scriptOf('memory.py', 'processes.py', 'settings.py')
}

/** Reads the whole script before it begins, so that the script may hand its own text to a fresh process. */
export const START = "import sys; source = sys.stdin.read(); exec(compile(source, 'settings.py', 'exec'))"

/**
 * The interpreter that runs the service, as its memory is read by the same one; of several, the one started last, as a
 * supervisor is started first. Without site packages: nothing of the application is imported here.
 */
const WITH_ITS_INTERPRETER = `last=0 python=
for link in /proc/[0-9]*/exe; do
  exe=$(readlink "$link" 2>/dev/null) || continue
  pid=\${link#/proc/} pid=\${pid%/exe}
  case \${exe##*/} in python*) [ "$pid" -gt "$last" ] && last=$pid python=$exe ;; esac
done
[ -x "$python" ] || python=$(command -v python3 || command -v python) || { cat >/dev/null; echo null; exit; }
exec "$python" -S -c "$@"`

interface Asked {
  file: ParityFile
  source: string
  oneOff: Role | undefined
  signal: AbortSignal
}

async function ask(service: Service, { file, source, oneOff, signal }: Asked): Promise<Json> {
  const { role } = service
  const config: NonNullable<SettingsConfig['roles']>[string] | undefined = file.settings?.roles?.[role]
  if (config?.command) return { settings: await jsonFromService(service, config.command, signal) }
  const python = config?.python ?? file.packages?.python[role] ?? null
  const request = JSON.stringify({ root: 1, start: START, python, oneOff: role === oneOff })
  const command = config?.python
    ? [...config.python, '-c', START, request]
    : ['sh', '-c', WITH_ITS_INTERPRETER, 'sh', START, request]
  const answer = await jsonFromService(service, command, signal, { input: source, timeoutSeconds: TIMEOUT_SECONDS })
  if (answer === null && config) throw new ObservableError(NOTHING)
  return isObject(answer) ? { ...answer, seenIn: { $remark: answer.seenIn as string } } : answer
}

/**
 * The settings of one role stand for all; those that are not the same in all roles are told by role as well. What a
 * project's own command printed stays with its role.
 * @param main the role whose settings these are, where it could be asked
 */
export function arrange(answers: { [role: Role]: Json }, main?: Role): Json {
  const seen = Object.entries(answers).filter((entry): entry is [Role, Answer] => isAnswer(entry[1]))
  const [, first] = seen.find(([role]) => role === main) ?? seen[0] ?? []
  const settings: Answer['settings'] = first?.settings ?? {}
  const names = [...new Set(seen.flatMap(([, answer]) => Object.keys(answer.settings)))].sort()
  const differing = names.filter((name) => !seen.every(([, answer]) => equal(answer.settings[name], settings[name])))
  const byRole = (name: string) =>
    seen.flatMap(([role, answer]) => (name in answer.settings ? [[role, answer.settings[name] as Json] as const] : []))
  return {
    roles: Object.fromEntries(Object.entries(answers).map(([role, answer]) => [role, withoutSettings(answer)])),
    settings,
    rolesDiffer: Object.fromEntries(differing.map((name) => [name, Object.fromEntries(byRole(name))])),
  }
}

function isAnswer(answer: Json): answer is Answer {
  return isObject(answer) && 'seenIn' in answer
}

function withoutSettings(answer: Json): Json {
  if (!isAnswer(answer)) return answer
  const { settings: _, ...rest } = answer
  return rest
}
