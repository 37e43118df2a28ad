import { join } from 'node:path'
import { composeEnvironment, containersEnvironment } from '../../harness/config/schema.ts'
import type { UpContext } from '../../harness/environments/adapter.ts'
import { compose } from '../../harness/environments/compose.ts'
import { containers } from '../../harness/environments/containers.ts'
import { environmentContract } from '../../harness/environments/contract.ts'
import { exec } from '../../harness/exec.ts'
import type { RunningEnvironment } from '../../harness/model.ts'
import { redactor } from '../../harness/secrets.ts'

const project = 'contract'
const context = (name: string): UpContext => ({
  project,
  name,
  directory: join(import.meta.dirname, 'compose'),
  redactor: redactor(project),
  signal: AbortSignal.timeout(120_000),
  progress: () => {},
  keep: false,
})
const broken = ['sh', '-c', 'echo no such setting; exit 7']

async function kill(environment: RunningEnvironment, role: string): Promise<void> {
  await exec(['docker', 'kill', environment.services[role]?.exec.at(-1) as string])
}

/** Of this project only: other runs on the machine come and go. */
async function leftovers(): Promise<string[]> {
  const listed = await Promise.all([
    exec(['docker', 'ps', '--all', '--format', '{{.Label "dev.parity.environment"}}']),
    exec(['docker', 'network', 'ls', '--format', '{{.Name}}']),
    exec(['docker', 'volume', 'ls', '--format', '{{.Name}}']),
  ])
  return listed.flatMap(({ stdout }) => stdout.split('\n').filter((name) => name.startsWith(`parity-${project}-`)))
}

const services = (command?: string[]) => ({
  web: {
    image: 'nginx:1.26',
    port: 80,
    needs: ['database', 'ping'],
    volumes: { '/data': 'data' },
    env: { LEVEL: 'first' },
    ...(command && { command }),
  },
  database: { redis: { image: 'redis:8-trixie' } },
})
const containersSpec = (command?: string[]) =>
  containersEnvironment.parse({
    kind: 'containers',
    services: services(command),
    upgrade: { web: { LEVEL: 'changed' } },
    steps: { ping: { service: 'database', command: ['redis-cli', '-h', 'database', 'ping'], needs: ['database'] } },
  })

environmentContract('containers', {
  up: () => containers.up(containersSpec(), context('containers')),
  attach: containers.attach,
  upWithBrokenWeb: () => containers.up(containersSpec(broken), context('containers')),
  kill,
  leftovers,
  failsWithinSeconds: 10,
})

const composeSpec = (env = {}) =>
  composeEnvironment.parse({
    kind: 'compose',
    file: 'compose.yaml',
    services: { database: 'db' },
    env,
    upgrade: { web: { LEVEL: 'changed' } },
  })

environmentContract('compose', {
  up: () => compose.up(composeSpec(), context('compose')),
  attach: compose.attach,
  upWithBrokenWeb: () => compose.up(composeSpec({ WEB_COMMAND: 'echo no such setting; exit 7' }), context('compose')),
  kill,
  leftovers,
  failsWithinSeconds: 15,
})
