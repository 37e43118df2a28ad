/** Looking at containers and images of the engine. */
import type Dockerode from 'dockerode'
import { getContainerRuntimeClient } from 'testcontainers'
import { exec } from '../exec.ts'
import type { Role, Service } from '../model.ts'
import type { Redactor } from '../secrets.ts'
import { localUrl } from './address.ts'

export type Inspection = Dockerode.ContainerInspectInfo

/** The engine that Testcontainers finds, also behind a Docker context. */
export async function docker(): Promise<Dockerode> {
  return (await getContainerRuntimeClient()).container.dockerode
}

/** The engine's version, for reports and for saying early that there is none. */
export async function engineVersion(): Promise<string> {
  return (await (await docker()).version()).Version
}

/** Removes a container that may be running, and the volumes that only it has. */
export async function removeContainer(id: string): Promise<void> {
  await (await docker()).getContainer(id).remove({ force: true, v: true })
}

/** @param since RFC 3339 time from which on; default: all */
export async function logs(containerId: string, since?: string): Promise<string> {
  const from = since === undefined ? [] : ['--since', since]
  const { stdout, stderr } = await exec(['docker', 'logs', ...from, containerId], { accept: 'any' })
  return [stdout, stderr].filter(Boolean).join('\n')
}

/** @param port the container port that other programs reach it by; default: its only published one */
export async function describeService(
  role: Role,
  container: Inspection,
  image: { name: string; own: boolean; provenance?: string },
  port?: number,
): Promise<Service> {
  const published = Object.entries(container.NetworkSettings.Ports).filter(([, bindings]) => bindings?.length)
  const chosen = port === undefined ? published[0] : published.find(([key]) => key === `${port}/tcp`)
  const hostPort = chosen?.[1]?.[0]?.HostPort
  const containerPort = Number.parseInt(chosen?.[0] ?? '', 10)
  const networks = Object.values(container.NetworkSettings.Networks)
  return {
    role,
    baseUrl: hostPort ? localUrl(hostPort) : null,
    port: port ?? (Number.isNaN(containerPort) ? null : containerPort),
    exec: ['docker', 'exec', '-i', container.Id],
    shell: ['docker', 'exec', '-it', container.Id],
    logs: ['docker', 'logs', '--timestamps', container.Id],
    aliases: [
      ...new Set(
        [
          role,
          container.Config.Hostname,
          ...networks.flatMap((network) => [...(network.Aliases ?? []), network.IPAddress]),
        ].filter(Boolean),
      ),
    ],
    image: image.name,
    imageId: container.Image,
    provenance: image.provenance ?? (await provenance(container.Image)),
    ownImage: image.own,
  }
}

/** Where a ready-made image came from, by what the engine knows of it. */
export async function provenance(imageId: string): Promise<string> {
  const image = await (await docker()).getImage(imageId).inspect()
  if (image.Config.Labels?.['dev.parity.provenance'] === 'offline') {
    return `built offline from Debian packages (recipe ${image.Config.Labels['dev.parity.recipe']?.slice(0, 12)})`
  }
  return image.RepoDigests?.[0] ? `pulled ${image.RepoDigests[0]}` : 'built on this machine'
}

/** Variables with secret names, taken from the containers' configuration. */
export function learnSecrets(container: Inspection, redactor: Redactor): void {
  for (const variable of container.Config.Env) {
    const [name, value] = [variable.slice(0, variable.indexOf('=')), variable.slice(variable.indexOf('=') + 1)]
    if (redactor.isSecretName(name)) redactor.learn(value)
  }
}
