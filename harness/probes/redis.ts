/** A Redis server, as redis-cli inside its service sees it. */
import type { Environment, Json, Role } from '../model.ts'
import { ObservableError } from './error.ts'
import { find, inService } from './inside.ts'

const SETTINGS = ['appendonly', 'databases', 'maxmemory', 'maxmemory-policy', 'save']

export async function describeRedis(environment: Environment, role: Role, signal: AbortSignal): Promise<Json> {
  const { stdout } = await inService(find(environment, role), ['redis-cli'], signal, { input: commands() })
  return parseRedis(stdout)
}

const MARK = 'parity-mark'

/** Leaves a key behind. @throws ObservableError when the server does not take it */
export async function leaveMark(environment: Environment, role: Role, signal: AbortSignal): Promise<true> {
  const { stdout } = await inService(find(environment, role), ['redis-cli', 'SET', MARK, 'here', 'EX', '3600'], signal)
  if (stdout.trim() !== 'OK') throw new ObservableError(`redis-cli SET said: ${stdout.trim()}`)
  return true
}

/** Whether that key is there. @throws ObservableError when the server does not say: it may still load what it has */
export async function hasMark(environment: Environment, role: Role, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await inService(find(environment, role), ['redis-cli', 'GET', MARK], signal)
  if (!['here', ''].includes(stdout.trim())) throw new ObservableError(`redis-cli GET said: ${stdout.trim()}`)
  return stdout.trim() === 'here'
}

/** Each answer stands behind an echo of its question, as redis-cli prints nothing between them. */
function commands(): string {
  const questions = ['INFO server', 'INFO keyspace', ...SETTINGS.map((name) => `CONFIG GET ${name}`)]
  return questions.flatMap((question) => [`ECHO "? ${question}"`, question, '']).join('\n')
}

/** @throws ObservableError when the server wants a password or does not answer */
export function parseRedis(output: string): Json {
  if (/^(\(error\) )?NOAUTH/m.test(output)) throw new ObservableError('Redis asks for a password')
  const answers = new Map(
    `\n${output.replaceAll('\r', '')}`.split('\n? ').map((text) => {
      const [question = '', ...lines] = text.split('\n')
      return [question, lines]
    }),
  )
  const version = member(answers.get('INFO server'), 'redis_version')
  if (!version) throw new ObservableError(`redis-cli did not learn the server's version: ${output.slice(0, 200)}`)
  return {
    version: Number(version.split('.')[0]),
    fullVersion: version,
    settings: Object.fromEntries(SETTINGS.map((name) => [name, setting(name, answers.get(`CONFIG GET ${name}`))])),
    lastingDatabases: lastingDatabases(answers.get('INFO keyspace') ?? []),
  }
}

function member(lines: string[] = [], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1)
}

/** The name, then the value, which may be empty; an error where the server's owner took CONFIG away. */
function setting(name: string, [heading, value]: string[] = []): Json {
  return heading === name ? (value ?? '') : { $error: `CONFIG GET ${name}: ${heading || 'no answer'}` }
}

/**
 * Numbers of the databases that hold keys without an end, as a broker's do. Others hold results and sessions, and are
 * there or not depending on what was asked before.
 */
function lastingDatabases(keyspace: string[]): number[] {
  return keyspace.flatMap((line) => {
    const [, number, keys, expires] = /^db(\d+):keys=(\d+),expires=(\d+)/.exec(line) ?? []
    return Number(keys) > Number(expires) ? [Number(number)] : []
  })
}
