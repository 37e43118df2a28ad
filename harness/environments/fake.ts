/**
 * An environment without containers, for tests of what stands above the environments: its services are HTTP servers of
 * this process, commands run on this machine, in a temporary folder of their own. It passes the contract suite.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ending, Role, RunningEnvironment, Service } from '../model.ts'
import { StartError } from './adapter.ts'
import { localUrl } from './address.ts'
import { putServices, remember } from './former.ts'

export interface FakeService {
  /** Answers requests; without it the service publishes no port. */
  answer?: RequestListener
  /** Environment variables that commands see. */
  env?: Record<string, string>
  log?: string
  /** Makes the start fail with this exit code, the log as its last lines. */
  exitCode?: number
}

export interface FakeEnvironment extends RunningEnvironment {
  /** Ends one service as if it had crashed. */
  crash(role: Role): Promise<void>
}

/** @throws StartError when a service has an exit code */
export async function fake(name: string, declared: Record<string, FakeService>): Promise<FakeEnvironment> {
  const id = `parity-fake-${name}-${randomBytes(3).toString('hex')}`
  const startedAt = new Date().toISOString()
  const start = performance.now()
  const dead = Object.entries(declared).find(([, { exitCode }]) => exitCode !== undefined)
  if (dead) throw new StartError(name, `${dead[0]} exited with code ${dead[1].exitCode}\n  | ${dead[1].log ?? ''}`)
  const folder = await mkdtemp(join(tmpdir(), `${id}-`))
  const servers = new Map<Role, Server[]>()
  const absent = new Set<Role>()
  const crashed = new Set<Role>()

  const replica = async (role: Role): Promise<Service> => {
    const { answer, env = {} } = declared[role] as FakeService
    const server = answer && (await listen(answer))
    if (server) servers.set(role, [...(servers.get(role) ?? []), server])
    const port = server ? (server.address() as AddressInfo).port : null
    const inside = ['env', '--chdir', folder, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)]
    return {
      role,
      baseUrl: port ? localUrl(port) : null,
      port,
      exec: inside,
      shell: inside,
      logs: ['tail', '--lines=+1', logFile(role)],
      aliases: [role],
      image: `fake/${role}`,
      imageId: `sha256:${Buffer.from(role).toString('hex').padEnd(64, '0')}`,
      provenance: 'made up',
      ownImage: true,
    }
  }
  const logFile = (role: Role) => join(folder, `${role}.log`)
  const services: Record<Role, Service> = {}
  for (const [role, { log = `${role} started` }] of Object.entries(declared)) {
    await writeFile(logFile(role), log.replace(/^/gm, `${startedAt} `))
    services[role] = await replica(role)
  }

  const close = async (role: Role) => {
    for (const server of servers.get(role) ?? []) {
      server.closeAllConnections()
      server.close()
    }
    servers.delete(role)
  }
  const end = async (role: Role, exitCode: number): Promise<Ending> => {
    absent.add(role)
    await close(role)
    return { exitCode, seconds: 0, graceSeconds: 0 }
  }
  const begin = async (role: Role) => {
    await close(role)
    putServices(environment, [await replica(role)])
    absent.delete(role)
  }
  const beginAll = async () => {
    await Promise.all(Object.keys(services).map(begin))
  }
  const impossible = async () => {
    throw new Error('a fake environment has no versions')
  }

  const environment: FakeEnvironment = {
    name,
    kind: 'fake',
    id,
    startedAt,
    readySeconds: (performance.now() - start) / 1000,
    buildSeconds: 0,
    services,
    formerServices: [],
    vars: {},
    handle: { folder },
    impossible: { upgrade: 'it has no versions', rollback: 'it has no versions' },
    stop: (role) => end(role, 0),
    kill: (role) => end(role, 137),
    start: begin,
    scale: async (role, replicas) => {
      await begin(role)
      const further = await Promise.all(Array.from({ length: replicas - 1 }, () => replica(role)))
      remember(environment, further)
      return [services[role] as Service, ...further]
    },
    redeploy: beginAll,
    upgrade: impossible,
    rollback: impossible,
    reinstall: beginAll,
    checkHealth: async () => [],
    instances: async (role) => [
      { name: role, running: !absent.has(role), healthy: null, restarts: 0, exitCode: absent.has(role) ? 0 : null },
    ],
    mounts: async () => [],
    crash: async (role) => {
      crashed.add(role)
      await close(role)
    },
    describe: async () => ({
      'events.log': [
        ...Object.keys(services).map((role) => `${startedAt} ${role}: started`),
        ...[...crashed].map((role) => `${new Date().toISOString()} ${role}: ended with exit code 137`),
      ].join('\n'),
    }),
    settled: () => {},
    casualties: async () => [...crashed].map((role) => ({ role, message: `${role} exited with code 137` })),
    down: async () => {
      await Promise.all([...servers.keys()].map(close))
      await rm(folder, { recursive: true, force: true })
    },
  }
  return environment
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
