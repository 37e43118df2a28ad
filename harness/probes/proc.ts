/** Reads what inside/process.sh printed: files of /proc (man 5 proc). */
import type { Json } from '../model.ts'
import { ObservableError } from './error.ts'
import { parseListening } from './sockets.ts'

interface Part {
  name: string
  content: string
  exitCode: number
}

/** Named for each instance anew, by the platform or by a shell on the way, never by the project. */
const NOT_OF_THE_PROJECT = [
  // Docker and Kubernetes: the container's id, the pod's name.
  /^HOSTNAME$/,
  // Kubernetes tells every pod of its own API server; unlike other services' variables these cannot be switched off.
  /^KUBERNETES_(SERVICE|PORT)(_|$)/,
  // What a shell keeps for itself; the working directory is asked for by itself.
  /^(_|SHLVL|PWD|OLDPWD)$/,
]

/** @param name of an environment variable */
export function isOfTheProject(name: string): boolean {
  return !NOT_OF_THE_PROJECT.some((pattern) => pattern.test(name))
}

/**
 * The parts that could not be read hold an error.
 * @throws ObservableError when the script did not come to its end
 */
export function describeProcess(output: string): { [key: string]: Json } {
  const parts = output.split('\x1e').slice(1).map(parsePart)
  const part = (name: string) => parts.find((candidate) => candidate.name === name)
  const read = <T extends Json>(name: string, parse: (content: string) => T): T | { $error: string } => {
    const { content, exitCode } = part(name) ?? { content: '', exitCode: 1 }
    return exitCode === 0 ? parse(content) : { $error: `${name} of the main process cannot be read` }
  }
  if (!part('tcp')) throw new ObservableError('the script that reads /proc broke off')
  return {
    wrappers: parts.filter(({ name }) => name === 'wrapper').map(({ content }) => parseArguments(content)),
    argv: read('argv', parseArguments),
    user: read('status', parseUser),
    directory: read('directory', (content) => content.trimEnd()),
    listening: read('tcp', (tcp) => parseListening(tcp, part('tcp6')?.content ?? '')),
    environment: read('environment', (environ) => variablesOf(environ, part('ownEnvironment')?.content ?? '')),
  }
}

function parsePart(text: string): Part {
  const [name = '', content = '', exitCode = ''] = text.split('\x1f')
  return { name, content, exitCode: Number.parseInt(exitCode, 10) }
}

/** A process that gives itself a title leaves the rest of its arguments empty. */
function parseArguments(cmdline: string): string[] {
  return cmdline.replace(/\0+$/, '').split('\0')
}

/** The effective ids; supplementary groups in order. */
function parseUser(status: string): Json {
  const ids = (name: string) => {
    const line = status.split('\n').find((candidate) => candidate.startsWith(`${name}:`)) ?? ''
    return [...line.matchAll(/\d+/g)].map(Number)
  }
  return { uid: ids('Uid')[1] ?? null, gid: ids('Gid')[1] ?? null, groups: ids('Groups').sort((a, b) => a - b) }
}

/**
 * Programs that give themselves a title write it over their variables (nginx, Redis, Python's setproctitle). Then those
 * that the platform gives to every command in the container stand for them: the ones it started the program with.
 */
function variablesOf(environ: string, given: string): { [name: string]: string } {
  const entries = environ.split('\0').filter(Boolean)
  const intact = entries.length > 0 && entries.every((entry) => VARIABLE.test(entry))
  return parseVariables(intact ? entries : given.split('\0'))
}

const VARIABLE = /^[^\s=]+=/

function parseVariables(entries: string[]): { [name: string]: string } {
  const variables = entries
    .filter((entry) => VARIABLE.test(entry))
    .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const)
    .filter(([name]) => isOfTheProject(name))
  return Object.fromEntries(variables.sort(([a], [b]) => (a < b ? -1 : 1)))
}
