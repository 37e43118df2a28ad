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
import type { RunningEnvironment, Service } from '../model.ts'
import { StartError } from './adapter.ts'

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
  kill(role: string): Promise<void>
}

/** @throws StartError when a service has an exit code */
export async function fake(name: string, services: Record<string, FakeService>): Promise<FakeEnvironment> {
  const id = `parity-fake-${name}-${randomBytes(3).toString('hex')}`
  const startedAt = new Date().toISOString()
  const start = performance.now()
  const dead = Object.entries(services).find(([, { exitCode }]) => exitCode !== undefined)
  if (dead) throw new StartError(name, `${dead[0]} exited with code ${dead[1].exitCode}\n  | ${dead[1].log ?? ''}`)
  const folder = await mkdtemp(join(tmpdir(), `${id}-`))
  const servers = new Map<string, Server>()
  const killed = new Set<string>()
  const entries = await Promise.all(
    Object.entries(services).map(async ([role, service]) => {
      const logFile = join(folder, `${role}.log`)
      await writeFile(logFile, (service.log ?? `${role} started`).replace(/^/gm, `${startedAt} `))
      if (service.answer) servers.set(role, await listen(service.answer))
      const port = (servers.get(role)?.address() as AddressInfo | undefined)?.port
      const variables = Object.entries(service.env ?? {}).map(([key, value]) => `${key}=${value}`)
      const inside = ['env', '--chdir', folder, ...variables]
      const described: Service = {
        role,
        baseUrl: port ? `http://127.0.0.1:${port}` : null,
        exec: inside,
        shell: inside,
        logs: ['tail', '--lines=+1', logFile],
        aliases: [role],
        image: `fake/${role}`,
        imageId: `sha256:${Buffer.from(role).toString('hex').padEnd(64, '0')}`,
        provenance: 'made up',
        ownImage: true,
      }
      return [role, described] as const
    }),
  )
  const close = async (role: string) => {
    servers.get(role)?.closeAllConnections()
    servers.get(role)?.close()
    servers.delete(role)
  }
  return {
    name,
    kind: 'fake',
    id,
    startedAt,
    readySeconds: (performance.now() - start) / 1000,
    buildSeconds: 0,
    services: Object.fromEntries(entries),
    vars: {},
    handle: { folder },
    kill: async (role) => {
      killed.add(role)
      await close(role)
    },
    describe: async () => ({
      'events.log': [
        ...Object.keys(services).map((role) => `${startedAt} ${role}: started`),
        ...[...killed].map((role) => `${new Date().toISOString()} ${role}: ended with exit code 137`),
      ].join('\n'),
    }),
    casualties: async () => [...killed].map((role) => ({ role, message: `${role} exited with code 137` })),
    down: async () => {
      await Promise.all([...servers.keys()].map(close))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
