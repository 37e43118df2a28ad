/** What a chart in a kind cluster needs; projects without a chart need none of it. */
import { existsSync, readFileSync } from 'node:fs'
import { helm, kind, kubectl, nodeImage } from '../../scripts/kind/paths.js'
import { versions } from '../../scripts/kind/versions.js'
import { exec } from '../exec.ts'
import { type Diagnosis, ok, warn } from './diagnosis.ts'

const SETUP = '`parity setup` puts it there; only environments of the kinds kind and cluster need it'

export async function forCharts(): Promise<Diagnosis[]> {
  const programs = [
    ['kind', kind, versions.kind],
    ['Helm', helm, versions.helm],
    ['kubectl', kubectl, versions.kubernetes],
  ] as const
  return [
    ...programs.map(([name, path, version]) =>
      existsSync(path) ? ok(name, version) : warn(name, `${version} is not there (${path})`, SETUP),
    ),
    await image(),
    ...inotify(),
  ]
}

async function image(): Promise<Diagnosis> {
  const name = 'kind node image'
  const present = await exec(['docker', 'image', 'inspect', '--format', '{{.Id}}', nodeImage]).catch(() => undefined)
  return present ? ok(name, nodeImage) : warn(name, `${nodeImage} is not there`, SETUP)
}

/** https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files */
function inotify(): Diagnosis[] {
  const name = 'inotify instances'
  const file = '/proc/sys/fs/inotify/max_user_instances'
  if (!existsSync(file)) return []
  const found = Number(readFileSync(file, 'utf8'))
  if (found >= 512) return [ok(name, String(found))]
  return [warn(name, `${found} for each user`, 'sysctl fs.inotify.max_user_instances=512: kind nodes run out of fewer')]
}
