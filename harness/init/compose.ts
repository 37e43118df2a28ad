/** What a project's compose file says, as compose itself understands it: includes, extends, env_file and profiles resolved. */
import { existsSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { builderOf } from '../environments/compose-model.ts'
import { exec } from '../exec.ts'

export interface Composed {
  /** Relative to the project, the override last. */
  files: string[]
  services: ComposeService[]
}

export interface ComposeService {
  name: string
  profiles: string[]
  image?: string
  /** Paths relative to the project. */
  build?: { context: string; file: string; target?: string; args: Record<string, string> }
  command: string[]
  environment: Record<string, string>
  /** Container ports, the published ones first. */
  ports: number[]
  published: boolean
  healthCheck: string[]
  /** Path in the container to the name of a volume. */
  volumes: Record<string, string>
  dependsOn: Record<string, string>
}

/** Those that compose itself looks for, and after them what projects call the one for development. */
const NAMES = [/^(docker-)?compose\.ya?ml$/, /^(docker-)?compose[.-](local|dev|development)\.ya?ml$/, /^local\.ya?ml$/]

/** @returns undefined without a compose file. @throws CommandError with what compose finds wrong */
export async function composed(folder: string, projectFiles: string[]): Promise<Composed | undefined> {
  const main = NAMES.flatMap((name) => projectFiles.filter((file) => name.test(basename(file))))[0]
  if (!main) return undefined
  const override = main.replace(/(\.ya?ml)$/, '.override$1')
  return read(folder, existsSync(join(folder, override)) ? [main, override] : [main])
}

/** @param files the first one says where the others' paths begin. @throws CommandError with what compose finds wrong */
export async function read(folder: string, files: string[]): Promise<Composed> {
  const { stdout } = await exec(
    [
      ...['docker', 'compose', '--project-name', 'parity-init', '--profile', '*'],
      ...['--project-directory', join(folder, dirname(files[0] as string))],
      ...files.flatMap((file) => ['--file', join(folder, file)]),
      ...['config', '--format', 'json'],
    ],
    { cwd: folder },
  )
  // What is interpolated has its dollars doubled, so that it could be read once more.
  const model: Model = JSON.parse(stdout.replaceAll('$$', '$'))
  const services = Object.entries(model.services).map(([name, found]) => {
    const { build } = model.services[builderOf(name, model.services) ?? ''] ?? {}
    return service(name, { ...found, build }, folder)
  })
  return { files, services }
}

/** The part of `docker compose config --format json` that matters here. */
interface Model {
  services: Record<string, ModelService>
}
interface ModelService {
  profiles?: string[]
  image?: string
  build?: { context: string; dockerfile?: string; target?: string; args?: Record<string, string | null> }
  command?: string[] | null
  environment?: Record<string, string | null>
  ports?: { target: number; protocol?: string }[]
  expose?: string[]
  healthcheck?: { test?: string[] | null }
  volumes?: { type: string; source?: string; target: string }[]
  depends_on?: Record<string, { condition: string }>
}

function service(name: string, found: ModelService, folder: string): ComposeService {
  const { build, ports = [], expose = [], volumes = [] } = found
  const published = ports.filter(({ protocol }) => protocol !== 'udp').map(({ target }) => target)
  return {
    name,
    profiles: found.profiles ?? [],
    image: found.image,
    ...(build && {
      build: {
        context: relative(folder, build.context) || '.',
        file: relative(folder, join(build.context, build.dockerfile ?? 'Dockerfile')),
        target: build.target,
        args: strings(build.args),
      },
    }),
    command: found.command ?? [],
    environment: strings(found.environment),
    ports: [...new Set([...published, ...expose.map((port) => Number.parseInt(port, 10))])],
    published: published.length > 0,
    healthCheck: found.healthcheck?.test ?? [],
    volumes: Object.fromEntries(
      volumes
        .filter(({ type, source }) => type === 'volume' && source)
        .map(({ target, source }) => [target, source ?? '']),
    ),
    dependsOn: Object.fromEntries(Object.entries(found.depends_on ?? {}).map(([on, { condition }]) => [on, condition])),
  }
}

function strings(values: Record<string, string | null> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}
