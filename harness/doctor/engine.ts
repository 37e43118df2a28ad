/** The container engine and its plugins. */
import { exec } from '../exec.ts'
import { type Diagnosis, fail, isAtLeast, ok, warn } from './diagnosis.ts'

/** The part of `docker info --format json` that matters here. */
export interface EngineInfo {
  ServerVersion?: string
  ServerErrors?: string[]
  CgroupVersion?: string
  MemTotal?: number
  DockerRootDir?: string
}

/** @returns undefined when no engine answers */
export async function engineInfo(): Promise<EngineInfo | undefined> {
  const said = await output(['docker', 'info', '--format', '{{json .}}'])
  const info: EngineInfo = said ? JSON.parse(said) : {}
  return info.ServerVersion ? info : undefined
}

export async function engine(info: EngineInfo | undefined): Promise<Diagnosis[]> {
  return [engineItself(info), await host(), await compose(), await buildx(), cgroup(info)]
}

function engineItself(info: EngineInfo | undefined): Diagnosis {
  const name = 'Docker Engine'
  if (!info) return fail(name, 'none answers', 'start Docker, or let `parity setup` install and start one')
  const found = info.ServerVersion as string
  // With the kernels of today it cannot start privileged containers, which kind nodes are.
  if (!isAtLeast(found, [23]))
    return fail(name, found, 'update to 23 or later: 20.10 cannot start privileged containers')
  return ok(name, found)
}

/** Ports are published on 127.0.0.1: of the machine that the engine runs on. */
async function host(): Promise<Diagnosis> {
  const name = 'engine’s machine'
  const said = await output(['docker', 'context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'])
  const endpoint = process.env.DOCKER_HOST ?? said ?? ''
  if (!/^(tcp|ssh|http):/.test(endpoint) || /\/\/(localhost|127\.0\.0\.1)\b/.test(endpoint)) return ok(name, 'this one')
  return fail(
    name,
    endpoint,
    'use an engine of this machine: services are asked at 127.0.0.1 (docker context use default)',
  )
}

async function compose(): Promise<Diagnosis> {
  const name = 'docker compose'
  const found = await output(['docker', 'compose', 'version', '--short'])
  if (!found) return fail(name, 'is not there', 'install the compose plugin (`parity setup` does), 2.24 or later')
  // Where `!reset` and `!override` came.
  return isAtLeast(found, [2, 24]) ? ok(name, found) : fail(name, found, 'update to 2.24 or later')
}

async function buildx(): Promise<Diagnosis> {
  const name = 'docker buildx'
  const found = (await output(['docker', 'buildx', 'version']))?.split(' ')[1]
  if (!found) return fail(name, 'is not there', 'install the buildx plugin (`parity setup` does), 0.10 or later')
  return isAtLeast(found, [0, 10]) ? ok(name, found) : fail(name, found, 'update to 0.10 or later')
}

function cgroup(info: EngineInfo | undefined): Diagnosis {
  const name = 'control groups'
  const found = info?.CgroupVersion
  if (!found) return warn(name, 'not known', 'start Docker first')
  return ok(
    name,
    found === '1' ? 'version 1; good for Kubernetes up to 1.34, which is what is used here' : `version ${found}`,
  )
}

/** Of a program that ends well; undefined otherwise, also when there is no such program. */
async function output(command: string[]): Promise<string | undefined> {
  try {
    return (await exec(command, { timeoutSeconds: 20 })).stdout.trim() || undefined
  } catch {
    return undefined
  }
}
