import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { attempt, run, SetupError } from './command.js'
import { debianRelease, downloadFromTrixie } from './debian.js'

const plugins = [
  { item: 'docker compose', plugin: 'docker-compose', version: ['compose', 'version', '--short'] },
  { item: 'docker buildx', plugin: 'docker-buildx', version: ['buildx', 'version'] },
]

/** @type {import('../setup.js').Step} */
export const dockerPlugins = {
  name: 'Docker plugins',
  why: 'docker compose and docker buildx; put into ~/.docker/cli-plugins on Debian',

  async check() {
    return Promise.all(
      plugins.map(async ({ item, version }) => {
        const { code, stdout } = await attempt('docker', version)
        return {
          item,
          present: code === 0,
          detail: code === 0 ? stdout.trim().split(' ').slice(0, 2).join(' ') : 'is not installed',
        }
      }),
    )
  },

  async run(missing, activity) {
    const names = missing.map(({ item }) => item).join(' and ')
    if (debianRelease() === 0) {
      throw new SetupError(
        `Missing: ${names}.\nInstall the Docker CLI plugins (https://docs.docker.com/engine/install/) and run \`npm run setup\` again.`,
      )
    }
    await activity('Docker plugins', `${names} not installed`, async ({ progress, outcome }) => {
      const wanted = plugins
        .filter(({ item }) => missing.some((finding) => finding.item === item))
        .map(({ plugin }) => plugin)
      const folder = await downloadFromTrixie(wanted, progress)
      try {
        for (const file of folder.files) await run('dpkg', ['-x', file, folder.path])
        const target = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins')
        mkdirSync(target, { recursive: true })
        for (const name of wanted) {
          copyFileSync(join(folder.path, 'usr/libexec/docker/cli-plugins', name), join(target, name))
          chmodSync(join(target, name), 0o755)
        }
      } finally {
        folder.remove()
      }
      outcome(`installed ${names} from Debian, as there was none`)
    })
  },
}
