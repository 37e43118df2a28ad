/** What the engine says of the containers of one environment. */
import { exec } from '../exec.ts'
import type { Service } from '../model.ts'
import { docker, type Inspection } from './docker.ts'
import { ENVIRONMENT_LABEL } from './ownership.ts'

const LOG_LINES_AT_MOST = 2000
/** What happens to a container, without the health checks and commands that run in it. */
const EVENTS = ['die', 'kill', 'oom', 'restart', 'pause', 'health_status']

/** Inspections and events. @param services tells which container carries which role */
export async function describeContainers(
  environmentId: string,
  services: Record<string, Service> = {},
): Promise<Record<string, string>> {
  const containers = named(await containersIn(environmentId), services)
  return {
    ...Object.fromEntries(
      containers.map(({ name, container }) => [`inspect/${name}.json`, JSON.stringify(container, null, 2)]),
    ),
    'events.log': await eventsOf(environmentId, containers),
  }
}

/** The same and all logs, for an environment that is about to be removed because it could not be started. */
export function lastWords(environmentId: string): Promise<Record<string, string>> {
  // Whatever cannot be had must not stand in the way of the removal, nor of the error that led to it.
  return everything(environmentId).catch((error: Error) => ({ 'not-described.txt': error.message }))
}

async function everything(environmentId: string): Promise<Record<string, string>> {
  const containers = named(await containersIn(environmentId))
  const logs = await Promise.all(
    containers.map(async ({ name, container }) => {
      const command = ['docker', 'logs', '--timestamps', '--tail', String(LOG_LINES_AT_MOST), container.Id]
      const { stdout, stderr } = await exec(command, { accept: 'any' })
      return [`logs/${name}.log`, [stdout, stderr].filter(Boolean).join('\n')] as const
    }),
  )
  return { ...(await describeContainers(environmentId)), ...Object.fromEntries(logs.filter(([, text]) => text)) }
}

/** All containers that belong to an environment, those that have ended among them. */
export async function containersIn(environmentId: string): Promise<Inspection[]> {
  const engine = await docker()
  const filters = { label: [`${ENVIRONMENT_LABEL}=${environmentId}`] }
  const listed = await engine.listContainers({ all: true, filters })
  return Promise.all(listed.map(({ Id }) => engine.getContainer(Id).inspect()))
}

interface Named {
  name: string
  container: Inspection
}

/** By role, by the name of the compose service, or by the name that the others call it by. */
function named(containers: Inspection[], services: Record<string, Service> = {}): Named[] {
  const taken = new Map<string, number>()
  return containers.map((container) => {
    const role = Object.values(services).find(({ exec }) => exec.at(-1) === container.Id)?.role
    const [network] = Object.values(container.NetworkSettings.Networks)
    const service = container.Config.Labels['com.docker.compose.service']
    const name = role ?? service ?? network?.Aliases?.[0] ?? container.Id.slice(0, 12)
    const count = (taken.get(name) ?? 0) + 1
    taken.set(name, count)
    return { name: count === 1 ? name : `${name}-${count}`, container }
  })
}

async function eventsOf(environmentId: string, containers: Named[]): Promise<string> {
  const lines = [...containers.flatMap(lifeOf), ...(await remembered(environmentId, containers))]
  return [...new Set(lines)].sort().join('\n')
}

function lifeOf({ name, container: { State, Created } }: Named): string[] {
  const ended = State.Running ? [] : [`${State.FinishedAt} ${name}: ended with exit code ${State.ExitCode}`]
  const failed = (State.Health?.Log ?? [])
    .filter(({ ExitCode }) => ExitCode !== 0)
    .map(
      ({ Start, ExitCode, Output }) => `${utc(Start)} ${name}: health check failed (${ExitCode}): ${oneLine(Output)}`,
    )
  return [`${Created} ${name}: created`, ...ended, ...failed]
}

/** The engine keeps its last 256 events only, so this is what it happens to remember. */
async function remembered(environmentId: string, containers: Named[]): Promise<string[]> {
  const filters = [`label=${ENVIRONMENT_LABEL}=${environmentId}`, ...EVENTS.map((event) => `event=${event}`)]
  const { stdout } = await exec([
    ...['docker', 'events', '--since', '24h', '--until', new Date().toISOString(), '--format', '{{json .}}'],
    ...filters.flatMap((filter) => ['--filter', filter]),
  ])
  return stdout.split('\n').flatMap((line) => {
    if (line === '') return []
    const { timeNano, Action, Actor } = JSON.parse(line) as EngineEvent
    const name = containers.find(({ container }) => container.Id === Actor.ID)?.name ?? Actor.ID.slice(0, 12)
    const code = Actor.Attributes.exitCode ? ` with exit code ${Actor.Attributes.exitCode}` : ''
    return [`${new Date(timeNano / 1e6).toISOString()} ${name}: ${Action}${code}`]
  })
}

interface EngineEvent {
  timeNano: number
  Action: string
  Actor: { ID: string; Attributes: Record<string, string> }
}

function utc(time: string): string {
  return new Date(time).toISOString()
}

function oneLine(text: string): string {
  return text.trim().replaceAll('\n', ' ').slice(0, 200)
}
