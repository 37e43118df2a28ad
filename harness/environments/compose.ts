/** The project's own compose file, untouched, under a project name of its own. */
import { writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { Document, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { ComposeSpec } from '../config/schema.ts'
import { type ExecOptions, exec } from '../exec.ts'
import type { Service } from '../model.ts'
import type { Adapter, UpContext } from './adapter.ts'
import { builderOf, composeCommand, composeOptions, withVars } from './compose-model.ts'
import { composeUp, containersOf, serviceOf } from './compose-up.ts'
import type { ContainersHandle } from './container-verbs.ts'
import { describeService, docker, learnSecrets } from './docker.ts'
import { stepLines } from './images.ts'
import { labels, ROLE_LABEL } from './ownership.ts'
import { raise, running } from './raise.ts'
import { waitUntilReady } from './ready.ts'
import { scratchFolder } from './scratch.ts'

export const compose: Adapter<ComposeSpec> = { up, attach: (environment) => running(environment) }

/** The part of `docker compose config --format json` that matters here. */
interface ComposeModel {
  services: Record<string, ComposeService>
  networks?: Record<string, { external?: boolean } | null>
  volumes?: Record<string, { external?: boolean } | null>
}
interface ComposeService {
  build?: { context: string; dockerfile?: string; target?: string }
  image?: string
  container_name?: string
  expose?: string[]
  ports?: { target: number; protocol?: string }[]
}

function up(spec: ComposeSpec, context: UpContext) {
  return raise(spec, context, async (environmentId, built, note) => {
    await using scratch = await scratchFolder()
    const base = composeCommand(spec, context.directory, environmentId)
    const options: ExecOptions = { ...composeOptions(spec, context.directory), signal: context.signal }
    const model: ComposeModel = JSON.parse((await exec([...base, 'config', '--format', 'json'], options)).stdout)
    note('compose.yaml', new Document(context.redactor.json(model)).toString())
    const override = join(scratch.path, 'override.yaml')
    await writeFile(override, overrideFor(model, spec, context, environmentId))
    const command = [...base, '--file', override]

    context.progress('building')
    // Compose writes the name of its project into the images: with the same one each time, equal sources are equal images.
    const builder = composeCommand(spec, context.directory, `parity-${context.project}-${context.name}`)
    // Compose leaves a folder for each Dockerfile inside a compose file: here it goes with ours.
    const env = { ...options.env, TMPDIR: scratch.path }
    await exec([...builder, '--file', override, 'build'], { ...options, env, onLine: stepLines(context.progress) })
    built()

    await runSteps(command, spec, options, context)
    context.progress('starting')
    await composeUp([...command, 'up', '--detach', '--no-build', '--pull', 'missing'], options, environmentId)
    const services = await describe(model, spec, context, environmentId)
    return { services, handle: { roles: startables(Object.keys(services), model, spec), upgrade: spec.upgrade } }
  })
}

/** Each brings up what its service depends on, as by hand. */
async function runSteps(
  command: string[],
  spec: ComposeSpec,
  options: ExecOptions,
  { progress, redactor }: UpContext,
): Promise<void> {
  for (const [name, { service, command: words, env, timeoutSeconds }] of Object.entries(spec.steps)) {
    progress(`running ${name}`)
    const variables = Object.entries(withVars(spec, env)).flatMap(([variable, value]) => [
      '--env',
      `${variable}=${value}`,
    ])
    const run = [...command, 'run', '--rm', '--no-TTY', ...variables, spec.services[service] ?? service, ...words]
    try {
      await exec(run, { ...options, timeoutSeconds })
    } catch (error) {
      throw new Error(`step ${name}: ${redactor.document((error as Error).message)}`, { cause: error })
    }
  }
}

/**
 * Takes away what two copies of one compose project cannot both have (container names, host ports, names of networks
 * and volumes) and labels everything, using compose's own `!reset` and `!override` tags (compose 2.24).
 */
function overrideFor(model: ComposeModel, spec: ComposeSpec, context: UpContext, environmentId: string): string {
  const marks = labels(environmentId, context.keep)
  const roles = rolesByService(spec)
  const services = Object.entries(model.services).map(([name, service]) => {
    const ports = publishedPorts(service, spec.ports[roles[name] ?? name])
    const builder = builderOf(name, model.services)
    return [
      name,
      {
        labels: { ...marks, [ROLE_LABEL]: roles[name] ?? name },
        ...(service.container_name ? { container_name: tagged('!reset', null) } : {}),
        ...(builder ? { image: imageName(context, builder) } : {}),
        ...(ports.length || service.ports
          ? {
              ports: tagged(
                '!override',
                ports.map((target) => ({ target, host_ip: '127.0.0.1', protocol: 'tcp' })),
              ),
            }
          : {}),
      },
    ]
  })
  const own = (entries: Record<string, { external?: boolean } | null> = {}) =>
    Object.fromEntries(
      Object.entries(entries)
        .filter(([, value]) => !value?.external)
        .map(([name]) => [name, { name: `${environmentId}_${name}`, labels: marks }]),
    )
  const networks = { default: { labels: marks }, ...own(model.networks) }
  return new Document({ services: Object.fromEntries(services), networks, volumes: own(model.volumes) }).toString()
}

function tagged(tag: string, value: unknown) {
  const node = new Document(value).contents ?? new Scalar(null)
  if (node instanceof Scalar || node instanceof YAMLSeq || node instanceof YAMLMap) node.tag = tag
  return node
}

/** A name of ours for what the project builds, the same in each run, so that the run's own name does not pile up images. */
function imageName(context: UpContext, service: string): string {
  return `parity/${context.project}-${context.name}-${service}`
}

function publishedPorts(service: ComposeService, chosen: number | undefined): number[] {
  const declared = (service.ports ?? []).filter(({ protocol }) => protocol !== 'udp').map(({ target }) => target)
  return [...new Set(chosen === undefined ? declared : [chosen, ...declared])]
}

async function describe(
  model: ComposeModel,
  spec: ComposeSpec,
  context: UpContext,
  environmentId: string,
): Promise<Record<string, Service>> {
  const engine = await docker()
  const roles = rolesByService(spec)
  const lasting = (await containersOf(environmentId)).filter(
    ({ State }) => State.Status !== 'exited' || State.ExitCode !== 0,
  )
  const described = await Promise.all(
    lasting.map(async (found) => {
      const name = serviceOf(found)
      const role = roles[name] ?? name
      context.progress(`waiting for ${role}`)
      const container = engine.getContainer(found.Id)
      await waitUntilReady(container, { role, withinSeconds: spec.readyTimeoutSeconds, signal: context.signal })
      const inspection = await container.inspect()
      learnSecrets(inspection, context.redactor)
      const service = model.services[name]
      const build = model.services[builderOf(name, model.services) ?? '']?.build
      const image = {
        name: inspection.Config.Image,
        own: build !== undefined,
        provenance: build && describeBuild(build, context.directory),
      }
      return [
        role,
        await describeService(role, inspection, image, spec.ports[role] ?? service?.ports?.[0]?.target),
      ] as const
    }),
  )
  return Object.fromEntries(described.sort(([a], [b]) => a.localeCompare(b)))
}

function startables(roles: string[], model: ComposeModel, spec: ComposeSpec): ContainersHandle['roles'] {
  const startable = (role: string) => {
    const name = model.services[spec.services[role] ?? role]?.container_name
    return {
      withinSeconds: spec.readyTimeoutSeconds,
      files: [],
      // The name is not used here; who deploys the file has it.
      ...(name && { single: `${[spec.file].flat().join(', ')} names its container ${name}` }),
    }
  }
  return Object.fromEntries(roles.map((role) => [role, startable(role)]))
}

function describeBuild(build: NonNullable<ComposeService['build']>, directory: string): string {
  const file = relative(directory, resolve(build.context, build.dockerfile ?? 'Dockerfile'))
  return `built from ${file}${build.target ? ` (${build.target})` : ''} by compose`
}

function rolesByService(spec: ComposeSpec): Record<string, string> {
  return Object.fromEntries(Object.entries(spec.services).map(([role, service]) => [service, role]))
}
