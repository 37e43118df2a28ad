/** Reads what inside/process.sh printed: files of /proc (man 5 proc). */
import type { Json } from '../model.ts'
import { describeLimits } from './limits.ts'
import { parseArguments, partsOf } from './parts.ts'
import { describePaths } from './paths.ts'
import { parseListening } from './sockets.ts'
import { parsePrivileges, parseSignals, parseUser } from './status.ts'
import { describeTree } from './tree.ts'

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
 * What could not be read holds an error in its place.
 *
 * Name servers, search domains and `ndots` are left out, as is /etc/hosts: they are the platform's own way to what an
 * application notices, which is that its neighbours are found and answer (see neighbours.ts).
 * @throws ObservableError when the script did not come to its end
 */
export function describeProcess(output: string): { [key: string]: Json } {
  const parts = partsOf(output)
  const directory = parts.read('directory', (content) => content.trimEnd())
  return {
    wrappers: parts.all('wrapper').map(parseArguments),
    argv: parts.read('argv', parseArguments),
    ...describeTree(parts.all('process'), Number(parts.text('main'))),
    signals: parts.read('init', parseSignals),
    user: parts.read('status', parseUser),
    privileges: parts.read('status', parsePrivileges),
    directory,
    paths: describePaths(parts, directory),
    limits: describeLimits(parts),
    clock: {
      zone: parts.read('clock', (zone) => zone.trim()),
      zoneinfo: parts.read('zoneinfo', (found) => found.trim()),
    },
    charset: parts.read('charset', (charset) => charset.trim()),
    listening: parts.read('tcp', (tcp) => parseListening(tcp, parts.text('tcp6'))),
    environment: parts.read('environment', (environ) => variablesOf(environ, parts.text('ownEnvironment'))),
  }
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
