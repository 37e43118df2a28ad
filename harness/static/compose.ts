/** What a compose file declares, after compose itself has merged, extended and interpolated it. No engine is needed. */
import { resolve } from 'node:path'
import type { ComposeSpec } from '../config/schema.ts'
import { builderOf, composeCommand, composeOptions } from '../environments/compose-model.ts'
import { exec } from '../exec.ts'
import type { Contract, Declared, Mount, Task } from './contract.ts'
import { faultsOf, undeclared } from './declared.ts'
import { builtImage } from './image.ts'
import type { Reading } from './read.ts'

/** The part of `docker compose config --format json` that is read. https://docs.docker.com/reference/compose-file/ */
interface Model {
  services: Record<string, Service>
  volumes?: Record<string, { external?: boolean } | null>
}

interface Service {
  build?: { context: string; dockerfile?: string; target?: string; args?: Record<string, string | null> }
  image?: string
  entrypoint?: string[] | null
  command?: string[] | null
  user?: string
  working_dir?: string
  environment?: Record<string, string | null>
  ports?: { target: number; published?: string; host_ip?: string; protocol?: string }[]
  expose?: string[]
  volumes?: { type: string; source?: string; target: string }[]
  healthcheck?: { test?: string[]; disable?: boolean; timeout?: string }
  depends_on?: Record<string, { condition: string }>
  networks?: Record<string, { aliases?: string[] } | null>
  links?: string[]
  container_name?: string
  hostname?: string
  stop_grace_period?: string
  mem_limit?: string | number
  cpus?: number
  scale?: number
  deploy?: {
    replicas?: number
    resources?: Record<'limits' | 'reservations', { cpus?: string | number; memory?: string }>
  }
}

export async function readCompose(spec: ComposeSpec, { name, directory, signal }: Reading): Promise<Contract> {
  const command = [...composeCommand(spec, directory, 'parity-static'), 'config', '--format', 'json']
  const { stdout, stderr } = await exec(command, { ...composeOptions(spec, directory), signal })
  const model: Model = JSON.parse(stdout)
  const roleOf = (service: string) => Object.entries(spec.services).find(([, name]) => name === service)?.[0] ?? service
  const ends = endingServices(model)
  const entries = Object.entries(model.services).map(
    ([service, definition]) =>
      [roleOf(service), declared(service, definition, buildOf(service, model), roleOf)] as const,
  )
  const roles = entries.filter(([, { name }]) => !ends.has(name))
  const tasks = entries.filter(([, { name }]) => ends.has(name))
  return {
    environment: name,
    runsHealthChecks: true,
    roles: Object.fromEntries(roles),
    tasks: Object.fromEntries([
      ...tasks.map(([role, task]): [string, Task] => [role, { ...task, when: 'beside' }]),
      ...stepsOf(spec, roleOf, Object.fromEntries(entries)),
    ]),
    hosts: [],
    services: [],
    faults: faultsOf([['interpolated variables that are not set', unset(stderr)]]),
  }
}

/** What parity.yaml runs before, in a service that it names by its role or as compose does. */
function stepsOf(
  { steps }: ComposeSpec,
  roleOf: (service: string) => string,
  declared: Record<string, Declared>,
): [string, Task][] {
  return Object.entries(steps).flatMap(([step, { service, command }]): [string, Task][] => {
    const like = declared[service] ?? declared[roleOf(service)]
    return like ? [[step, { ...like, command, ports: [], when: 'before' }]] : []
  })
}

/** `The "NAME" variable is not set. Defaulting to a blank string.` */
function unset(warnings: string): string[] {
  const names = [...warnings.matchAll(/\\?"(\w+)\\?" variable is not set/g)].map(([, name]) => name as string)
  return [...new Set(names)].sort()
}

/** What others wait for to have ended. */
function endingServices({ services }: Model): Set<string> {
  const needs = Object.values(services).flatMap(({ depends_on }) => Object.entries(depends_on ?? {}))
  const awaited = needs.filter(([, { condition }]) => condition === 'service_completed_successfully')
  return new Set(awaited.map(([service]) => service))
}

function buildOf(service: string, { services }: Model): Service['build'] {
  return services[builderOf(service, services) ?? '']?.build
}

function declared(
  name: string,
  service: Service,
  build: Service['build'],
  roleOf: (service: string) => string,
): Declared {
  const args = Object.fromEntries(Object.entries(build?.args ?? {}).map(([key, value]) => [key, value ?? '']))
  const image = build
    ? builtImage({ context: build.context, file: build.dockerfile, target: build.target, args }, service.image ?? name)
    : { reference: service.image ?? '' }
  const { limits, reservations } = service.deploy?.resources ?? {}
  return {
    ...undeclared(name, image),
    aliases: [...new Set([name, service.hostname ?? name, ...networkAliases(service)])],
    ...(service.entrypoint && { entrypoint: service.entrypoint.map(unescaped) }),
    ...(service.command && { command: service.command.map(unescaped) }),
    ...(service.user !== undefined && { user: service.user.split(':')[0], group: service.user.split(':')[1] }),
    ...(service.working_dir !== undefined && { directory: service.working_dir }),
    ports: [
      ...new Set([
        ...(service.ports ?? []).map(({ target }) => target),
        ...(service.expose ?? []).map((port) => Number.parseInt(port, 10)),
      ]),
    ],
    variables: Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([variable, value]) => [
        variable,
        { ...(value !== null && { value: unescaped(value) }), from: `compose service ${name}`, secret: false },
      ]),
    ),
    mounts: (service.volumes ?? []).map(mount),
    checks: checks(service),
    limits: compact({ cpu: limits?.cpus ?? service.cpus, memory: limits?.memory ?? service.mem_limit }),
    requests: compact({ cpu: reservations?.cpus, memory: reservations?.memory }),
    needs: Object.keys(service.depends_on ?? {}).map(roleOf),
    replicas: service.deploy?.replicas ?? service.scale ?? 1,
    ...(service.stop_grace_period !== undefined && { graceSeconds: seconds(service.stop_grace_period) }),
    ...(service.container_name !== undefined && { containerName: service.container_name }),
    hostPorts: (service.ports ?? [])
      .filter(({ published }) => published !== undefined && published !== '')
      .map(({ host_ip, published }) => `${host_ip ?? '0.0.0.0'}:${published}`),
  }
}

/** `config` prints `$` as it has to be written. */
function unescaped(text: string): string {
  return text.replaceAll('$$', '$')
}

function networkAliases({ networks }: Service): string[] {
  return Object.values(networks ?? {}).flatMap((network) => network?.aliases ?? [])
}

function mount({ type, source = '', target }: NonNullable<Service['volumes']>[number]): Mount {
  if (type === 'bind') return { target, type: 'bind', source: resolve(source) }
  // Without a name it lives as long as its container.
  return { target, type: type === 'volume' && source ? 'volume' : 'scratch', source }
}

function checks({ healthcheck }: Service): Declared['checks'] {
  const [form, ...words] = healthcheck?.test ?? []
  if (!healthcheck || healthcheck.disable || form === undefined || form === 'NONE') return []
  const command = form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words
  return [{ by: 'healthcheck', command, timeoutSeconds: seconds(healthcheck.timeout ?? '30s') }]
}

/** `1m15s` */
function seconds(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, ns: 1e-9 }
  const parts = [...duration.matchAll(/([\d.]+)(h|ms|us|ns|m|s)/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit as string] ?? 0), 0)
}

function compact(values: Record<string, string | number | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}
