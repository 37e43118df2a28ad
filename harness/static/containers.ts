/** What parity.yaml itself declares: images of the project beside PostgreSQL and Redis. */
import type { ContainersSpec } from '../config/schema.ts'
import { fillerOfServices } from '../environments/values.ts'
import type { Contract, Declared, Task } from './contract.ts'
import { undeclared } from './declared.ts'
import { imageOfBuild } from './image.ts'
import type { Reading } from './read.ts'

type ServiceSpec = ContainersSpec['services'][string]

export async function readContainers(spec: ContainersSpec, { name, directory }: Reading): Promise<Contract> {
  const fill = fillerOfServices(spec)
  const declare = (service: string, definition: ServiceSpec) => declared(service, definition, spec, directory, fill)
  const tasks = Object.entries(spec.steps).map(([step, { service, command, env, needs }]): [string, Task] => {
    const like = spec.services[service] as ServiceSpec
    const definition = { ...like, command, env: { ...like.env, ...env }, needs, port: undefined }
    return [step, { ...declare(step, definition), when: 'beside' }]
  })
  return {
    environment: name,
    runsHealthChecks: true,
    roles: Object.fromEntries(
      Object.entries(spec.services).map(([role, definition]) => [role, declare(role, definition)]),
    ),
    tasks: Object.fromEntries(tasks),
    hosts: [],
    services: [],
    faults: {},
  }
}

function declared(
  name: string,
  service: ServiceSpec,
  spec: ContainersSpec,
  directory: string,
  fill: (text: string) => string,
): Declared {
  const reference = service.postgres?.image ?? service.redis?.image ?? service.image ?? ''
  const build = spec.images[reference]
  const [user, group] = service.user?.split(':') ?? []
  return {
    ...undeclared(name, build ? imageOfBuild(build, reference, directory) : { reference }),
    aliases: [name, ...service.aliases],
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    ...(service.command && { command: service.command }),
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group }),
    ...(service.workdir !== undefined && { directory: service.workdir }),
    ports: service.port === undefined ? [] : [service.port],
    variables: Object.fromEntries(
      Object.entries(service.env).map(([variable, value]) => [
        variable,
        { value: fill(value), from: `parity.yaml, ${name}`, secret: false },
      ]),
    ),
    mounts: [
      ...Object.entries(service.volumes).map(([target, source]) => ({ target, type: 'volume' as const, source })),
      ...Object.entries(service.files).map(([target, source]) => ({ target, type: 'file' as const, source })),
    ],
    needs: service.needs,
    // 10 s are what the engine gives by itself.
    ...(service.stopTimeoutSeconds !== 10 && { graceSeconds: service.stopTimeoutSeconds }),
  }
}
