/** Environments that were left up, written down in the project's folder, so that any later command finds them. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { didYouMean } from '../config/nearest.ts'
import type { Environment, Role, RunningEnvironment, Service } from '../model.ts'
import { UsageError } from './exit.ts'

/** For the verbs that act on an environment that is up. */
export const PROJECT_OPTION = ['--project <folder>', 'folder with parity.yaml, or the file itself', '.'] as const

/** Writes an environment down, over what stood there under its name. @param project folder with parity.yaml, or the file */
export async function writeDown(project: string, environment: RunningEnvironment): Promise<void> {
  const { plain } = await import('../start.ts')
  const file = fileOf(project, environment.name)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // Only for the person who started it: it says how to get inside.
  await writeFile(file, `${JSON.stringify(plain(environment), null, 2)}\n`, { mode: 0o600 })
}

/** @throws UsageError when no environment of that name was left up */
export async function recall(project: string, name: string): Promise<RunningEnvironment> {
  const known = await all(project)
  const found = known.find((environment) => environment.name === name)
  if (found) return found
  const names = known.map((environment) => environment.name)
  const up = names.length ? ` (up: ${names.join(', ')})` : ''
  throw new UsageError(
    `${name} is not up${didYouMean(name, names)}${up}; start it with \`${command('up', name, project)}\``,
  )
}

/** Oldest first. */
export async function all(project: string): Promise<RunningEnvironment[]> {
  const folder = dirname(fileOf(project, 'any'))
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readFile(join(folder, name), 'utf8')),
  )
  const environments = texts.map((text) => JSON.parse(text) as Environment)
  environments.sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  if (environments.length === 0) return []
  const { attachEnvironments } = await import('../start.ts')
  return attachEnvironments(environments).environments
}

/** Takes an environment down and forgets it; one that somebody has removed meanwhile is only forgotten. */
export async function takeDown(project: string, environment: RunningEnvironment): Promise<void> {
  await environment.down()
  await rm(fileOf(project, environment.name), { force: true })
}

/** @throws UsageError when one of that name is up; the remains of one that died are removed */
export async function makeRoom(project: string, name: string): Promise<void> {
  const earlier = (await all(project)).find((environment) => environment.name === name)
  if (!earlier) return
  const dead = await earlier.casualties().catch(() => undefined)
  if (dead && dead.length < Object.keys(earlier.services).length) {
    throw new UsageError(`${name} is up already; \`${command('down', name, project)}\` takes it down`)
  }
  await takeDown(project, earlier)
}

/** @throws UsageError when the environment has no such role */
export function serviceIn(environment: Environment, role: Role): Service {
  const found = environment.services[role]
  if (found) return found
  const roles = Object.keys(environment.services)
  throw new UsageError(`${environment.name} has no role ${role}${didYouMean(role, roles)} (roles: ${roles.join(', ')})`)
}

/** The command line that somebody is told to type. */
export function command(verb: 'up' | 'down' | 'shell' | 'logs', what: string, project: string): string {
  const words = ['parity', verb, what]
  if (project !== '.') words.push(...(verb === 'up' || verb === 'down' ? [project] : ['--project', project]))
  return words.join(' ')
}

function fileOf(project: string, name: string): string {
  const folder = /\.ya?ml$/.test(project) ? dirname(project) : project
  return join(resolve(folder), '.parity', 'environments', `${name}.json`)
}
