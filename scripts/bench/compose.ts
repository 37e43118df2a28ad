/** A compose environment as one starts it by hand: `docker compose up --wait`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ComposeSpec } from '../../harness/config/schema.ts'
import { exec } from '../../harness/exec.ts'
import type { ByHand } from './by-hand.ts'

const PROJECT = 'parity-bench'

export async function composeByHand(spec: ComposeSpec, directory: string): Promise<ByHand> {
  const scratch = await mkdtemp(join(tmpdir(), 'parity-bench-'))
  const file = resolve(directory, [spec.file].flat()[0] as string)
  const base = ['docker', 'compose', '--project-name', PROJECT, '--progress', 'quiet']
  const { services } = JSON.parse((await exec([...base, '--file', file, 'config', '--format', 'json'])).stdout)
  const override = join(scratch, 'override.yaml')
  // Free ports of 127.0.0.1, because the project's own may be taken.
  const ports = Object.entries<{ ports?: { target: number }[] }>(services).flatMap(([name, service]) =>
    service.ports
      ? [`  ${name}: { ports: !override [${service.ports.map(({ target }) => `"127.0.0.1::${target}"`)}] }`]
      : [],
  )
  await writeFile(override, ['services:', ...ports, ''].join('\n'))
  const command = [...base, '--file', file, '--file', override]
  // `--wait` takes a one-off service that has ended well for a failure, so those that stay are named.
  const oneOff = new Set(
    Object.values<{ depends_on?: Record<string, { condition: string }> }>(services).flatMap(({ depends_on = {} }) =>
      Object.keys(depends_on).filter((name) => depends_on[name]?.condition === 'service_completed_successfully'),
    ),
  )
  const lasting = Object.keys(services).filter((name) => !oneOff.has(name))
  await exec([...command, 'build'])
  return {
    up: async () => {
      await exec([...command, 'up', '--wait', '--no-build', ...lasting])
    },
    down: async () => {
      await exec([...command, 'down', '--volumes'])
    },
    [Symbol.asyncDispose]: async () => {
      await exec([...command, 'down', '--volumes', '--rmi', 'local'])
      await rm(scratch, { recursive: true })
    },
  }
}
