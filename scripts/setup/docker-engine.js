import { spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt, isInstalled, lastLines, run, SetupError } from './command.js'
import { debianRelease, downloadFromTrixie, hasTrixiePackages } from './debian.js'

const START_DEADLINE_SECONDS = 60
const POLL_MILLISECONDS = 200

/** @type {import('../setup.js').Step} */
export const dockerEngine = {
  name: 'Docker Engine',
  why: 'runs every environment; installed and started here only on Debian as root',

  async check() {
    const { code, stdout, output } = await serverVersion()
    if (code === 0) return [{ item: 'Docker Engine', present: true, detail: stdout.trim() }]
    return [
      { item: 'Docker Engine', present: false, detail: `does not answer: ${lastLines(output).split('\n').at(-1)}` },
    ]
  },

  async run([finding], activity) {
    refuseWhatIsNotOurs(finding)
    if (!(await isInstalled('dockerd'))) {
      if (!canInstall()) throw new SetupError(`Docker Engine is not installed.\n${howToInstall}`)
      await activity('Docker Engine', 'is not installed', async ({ progress, outcome }) => {
        await install(progress)
        outcome('installed from Debian, as there was none')
      })
    }
    if ((await serverVersion()).code === 0) return
    await activity('Docker Engine', 'is not running', async ({ progress, outcome }) => outcome(await start(progress)))
  },
}

const howToInstall =
  'Install it (https://docs.docker.com/engine/install/), start it, and run `npm run setup` again. ' +
  'Set-up does so itself only as root on Debian 12 or later.'

function serverVersion() {
  return attempt('docker', ['version', '--format', '{{.Server.Version}}'])
}

function refuseWhatIsNotOurs(finding) {
  if (process.env.DOCKER_HOST) {
    throw new SetupError(
      `Docker Engine at DOCKER_HOST=${process.env.DOCKER_HOST} ${finding.detail}\n` +
        'Start it, or unset DOCKER_HOST, and run `npm run setup` again.',
    )
  }
  if (/permission denied/i.test(finding.detail)) {
    throw new SetupError(
      `Docker Engine ${finding.detail}\n` +
        'Let this user reach it (`sudo usermod -aG docker $USER`, then log in again) and run `npm run setup` again.',
    )
  }
  if (process.platform !== 'linux') {
    throw new SetupError(`Docker Engine ${finding.detail}\nStart Docker Desktop and run \`npm run setup\` again.`)
  }
}

function canInstall() {
  return process.getuid() === 0 && debianRelease() >= 12
}

async function install(progress) {
  // Bookworm's own engine fails on --privileged, which kind needs; trixie's installs there.
  const fromTrixie = !hasTrixiePackages()
  const folder = fromTrixie ? await downloadFromTrixie(['docker.io', 'docker-cli'], progress) : undefined
  const packages = folder ? folder.files : ['docker.io', 'docker-cli']
  const options = { onLine: progress, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  try {
    await run('apt-get', ['update'], options)
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'iptables', ...packages], options)
  } finally {
    folder?.remove()
  }
}

async function start(progress) {
  if (existsSync('/run/systemd/system')) {
    if (process.getuid() !== 0) {
      throw new SetupError(
        'Docker Engine is installed but not running.\nRun `sudo systemctl start docker`, then `npm run setup` again.',
      )
    }
    await run('systemctl', ['start', 'docker'], { onLine: progress })
    await answering(() => undefined)
    return 'started by systemd, as it was not running'
  }
  if (process.getuid() !== 0) {
    throw new SetupError(
      'Docker Engine is installed but not running.\nStart it (`sudo dockerd`), then run `npm run setup` again.',
    )
  }
  const logFile = existsSync('/var/log') ? '/var/log/dockerd.log' : join(tmpdir(), 'dockerd.log')
  const log = openSync(logFile, 'a')
  // Detached, in a session of its own: it has to outlive this terminal.
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] })
  let ended
  daemon.on('exit', (code, signal) => (ended = `dockerd ended (${signal ?? `exit code ${code}`})`))
  daemon.on('error', (error) => (ended = `dockerd could not be started: ${error.message}`))
  daemon.unref()
  await answering(() => ended && `${ended}; the end of ${logFile}:\n${lastLines(readFileSync(logFile, 'utf8'))}`)
  return `started, as it was not running; its log is ${logFile}`
}

/** Waits until the engine answers, or `failure` returns why it never will. */
async function answering(failure) {
  const deadline = Date.now() + START_DEADLINE_SECONDS * 1000
  while ((await attempt('docker', ['info'])).code !== 0) {
    const reason =
      failure() ?? (Date.now() > deadline ? `it did not answer within ${START_DEADLINE_SECONDS} s` : undefined)
    if (reason) throw new SetupError(`Docker Engine was started, but ${reason}`)
    await sleep(POLL_MILLISECONDS)
  }
}
