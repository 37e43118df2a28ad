/** A container like another one: same image, settings, volumes and networks; a new file system and new published ports. */
import type Dockerode from 'dockerode'
import { docker, type Inspection } from './docker.ts'

export type Variables = Record<string, string>

interface Changes {
  name: string
  /** As `NAME=value`; default: as in the original. */
  env?: string[]
  /** Paths in the original that were copied into it. */
  files: string[]
}

/** Creates and starts it. What an image keeps in an anonymous volume starts anew. @returns its id */
export async function clone(original: Inspection, { name, env, files }: Changes): Promise<string> {
  const engine = await docker()
  const { Hostname, Env, ...config } = original.Config
  const options = {
    ...config,
    name,
    Env: env ?? Env,
    // Unless it was chosen, a container is called after its id.
    ...(!original.Id.startsWith(Hostname) && { Hostname }),
    HostConfig: { ...original.HostConfig, PortBindings: onFreePorts(original.HostConfig.PortBindings) },
    NetworkingConfig: { EndpointsConfig: endpoints(original) },
  }
  const created = await engine.createContainer(options as Dockerode.ContainerCreateOptions)
  for (const path of files) {
    const archive = await engine.getContainer(original.Id).getArchive({ path })
    await created.putArchive(archive, { path: path.replace(/\/[^/]*\/?$/, '') || '/' })
  }
  await created.start()
  return created.id
}

/** Variables of a container with some of them changed or added. */
export function withVariables(env: string[], changed: Variables): string[] {
  const kept = env.filter((entry) => !Object.hasOwn(changed, entry.slice(0, entry.indexOf('='))))
  return [...kept, ...Object.entries(changed).map(([name, value]) => `${name}=${value}`)]
}

function onFreePorts(bindings: unknown): Record<string, { HostIp: string; HostPort: string }[]> {
  const ports = Object.keys((bindings ?? {}) as Record<string, unknown>)
  return Object.fromEntries(ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]]))
}

function endpoints({ Id, NetworkSettings }: Inspection) {
  return Object.fromEntries(
    Object.entries(NetworkSettings.Networks).map(([network, { Aliases }]) => [
      network,
      { Aliases: (Aliases ?? []).filter((alias: string) => !Id.startsWith(alias)) },
    ]),
  )
}
