/** Asking inside a service: a command there, and the same question to several roles. */
import { readFile } from 'node:fs/promises'
import { CommandError, type ExecOptions, type ExecResult, exec } from '../exec.ts'
import { endOf } from '../frames.ts'
import type { Environment, Json, Role, Service } from '../model.ts'
import { ObservableError, observed } from './error.ts'
import { isInRound } from './round.ts'
import { inShell } from './shell.ts'

/** Far above what a command takes on a busy machine: it only keeps a run from hanging. */
const TIMEOUT_SECONDS = 120
const LAST_LINES = 3
const MAX_QUOTED = 200

/**
 * Runs a command inside a service, during a round in a shell that is open there. It must read its input to the end: what is on
 * its way when it ends breaks kubectl's connection, and what it printed may be lost with that, without an error.
 * @throws ObservableError when it fails: that a program is missing or cannot start is something that was seen
 */
export async function inService(
  service: Service,
  command: string[],
  signal: AbortSignal,
  options: Pick<ExecOptions, 'input' | 'timeoutSeconds'> = {},
): Promise<ExecResult> {
  const limited = { timeoutSeconds: TIMEOUT_SECONDS, ...options, signal }
  const program = command[0] as string
  try {
    const answer = isInRound(signal) ? await inShell(service, command, limited) : null
    if (!answer) return await exec([...service.exec, ...command], limited)
    if (answer.exitCode === 0) return answer
    throw failedCommand(program, answer.exitCode, [answer.stdout, answer.stderr].filter(Boolean).join('\n'))
  } catch (error) {
    throw asObserved(program, error)
  }
}

/** What is to be thrown: that a command has failed is something that was seen, other errors are faults of the harness. */
export function asObserved(program: string, error: unknown): unknown {
  return error instanceof CommandError ? failedCommand(program, error.exitCode, error.stderr) : error
}

/** @param exitCode undefined: it was ended, as it took too long */
export function failedCommand(program: string, exitCode: number | undefined, output: string): ObservableError {
  const ending = exitCode === undefined ? 'did not end in time' : `exited with code ${exitCode}`
  return new ObservableError(withoutIds(`${program} ${ending}: ${endOf(output, LAST_LINES).join('\n')}`))
}

/**
 * As `inService`, for a script that prints one JSON value.
 * @throws ObservableError also when what was printed is something else
 */
export async function jsonFromService(...asked: Parameters<typeof inService>): Promise<Json> {
  const { stdout } = await inService(...asked)
  return parsed(asked[1][0] as string, stdout)
}

export function parsed(program: string, output: string): Json {
  try {
    return JSON.parse(output)
  } catch {
    throw new ObservableError(`${program} printed no JSON but: ${withoutIds(output.slice(0, MAX_QUOTED))}`)
  }
}

/** An engine that cannot run a command names the container, which is another one in each environment. */
export function withoutIds(message: string): string {
  return message.replace(/\b[0-9a-f]{12,64}\b/g, '<id>')
}

/** The text of a script of `inside/`, those that it builds on put before it. */
export async function scriptOf(...names: string[]): Promise<string> {
  const files = names.map((name) => new URL(`inside/${name}`, import.meta.url))
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n')
}

/** The answers of several roles, side by side; a role that fails holds its error in its place. */
export async function askRoles(
  environment: Environment,
  roles: Role[],
  question: (service: Service) => Promise<Json>,
): Promise<{ [role: Role]: Json }> {
  const answers = await Promise.all(
    [...new Set(roles)]
      .sort()
      .map(async (role) => [role, await observed(() => question(find(environment, role)))] as const),
  )
  return Object.fromEntries(answers)
}

/** The roles whose images the project builds, or the others. */
export function rolesOf({ services }: Environment, which: 'own' | 'others'): Role[] {
  return Object.values(services)
    .filter(({ ownImage }) => ownImage === (which === 'own'))
    .map(({ role }) => role)
    .sort()
}

/** @throws ObservableError when the environment has no such service */
export function find({ services }: Environment, role: Role): Service {
  const service = services[role]
  if (!service) throw new ObservableError(`there is no service ${role} here`)
  return service
}
