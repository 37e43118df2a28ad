// Containers and images for one check of the base images' contract, removed when the check ends, however it ends.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt } from '../setup/command.js'

const DEADLINE_SECONDS = 60
const POLL_MILLISECONDS = 100

export const docker = (...args) => attempt('docker', args)

const undoings = new WeakMap()

/** Undoes things in the opposite order: a volume can only go once its container has gone. */
function atEnd(t, undo) {
  if (!undoings.has(t)) {
    undoings.set(t, [])
    t.after(async () => {
      for (const next of undoings.get(t).reverse()) await next()
    })
  }
  undoings.get(t).push(undo)
}

/** Runs a container to its end. `flags` go before the image's name. */
export function once(image, command, flags = []) {
  return docker('run', '--rm', ...flags, image, ...command)
}

/** Runs `sh -c script` in the image and returns what it printed; anything but exit code 0 fails the check. */
export async function shell(image, script, flags = []) {
  const { code, stdout, output } = await docker('run', '--rm', '--entrypoint', 'sh', ...flags, image, '-ec', script)
  assert.equal(code, 0, `${script}\n${output}`)
  return stdout.trim()
}

/** Starts a container that stays up. */
export async function start(t, image, flags = [], command = []) {
  const name = `parity-verify-${randomUUID().slice(0, 8)}`
  atEnd(t, () => docker('rm', '--force', '--volumes', name))
  const { code, output } = await docker('run', '--detach', '--name', name, ...flags, image, ...command)
  assert.equal(code, 0, output)
  return new Container(name)
}

class Container {
  constructor(name) {
    this.name = name
  }

  async exec(...command) {
    const { code, stdout, output } = await docker('exec', this.name, ...command)
    assert.equal(code, 0, `${command.join(' ')}\n${output}`)
    return stdout.trim()
  }

  async logs() {
    return (await docker('logs', this.name)).output
  }

  /** Waits until the log holds `text` `times` times; fails at once when the container has ended. */
  async says(text, times = 1) {
    const deadline = Date.now() + DEADLINE_SECONDS * 1000
    for (;;) {
      const running = await this.inspect('{{.State.Running}}')
      const logs = await this.logs()
      if (logs.split(text).length > times) return logs
      assert.ok(
        running === 'true' && Date.now() < deadline,
        `waited for ${JSON.stringify(text)} × ${times}; the log:\n${logs}`,
      )
      await sleep(POLL_MILLISECONDS)
    }
  }

  async inspect(format) {
    return (await docker('inspect', '--format', format, this.name)).stdout.trim()
  }

  /** @returns {Promise<{ exitCode: number, seconds: number }>} */
  async stop() {
    const start = performance.now()
    await docker('stop', this.name)
    return { exitCode: Number(await this.inspect('{{.State.ExitCode}}')), seconds: (performance.now() - start) / 1000 }
  }
}

/** Files for a mount or a build, by path. */
export function files(t, contents) {
  const folder = mkdtempSync(join(tmpdir(), 'parity-verify-'))
  // Not only the container's root reads it.
  chmodSync(folder, 0o755)
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
  }
  return folder
}

/** Builds a Dockerfile as an application would; returns the image's name. */
export async function build(t, dockerfile, contents = {}) {
  const tag = `parity-verify:${randomUUID().slice(0, 8)}`
  atEnd(t, () => docker('image', 'rm', tag))
  const folder = files(t, { Dockerfile: dockerfile, ...contents })
  const { code, output } = await docker('build', '--no-cache', '--tag', tag, folder)
  assert.equal(code, 0, output)
  return tag
}

/** A volume that is empty at first. */
export async function volume(t) {
  const name = `parity-verify-${randomUUID().slice(0, 8)}`
  await docker('volume', 'create', name)
  atEnd(t, () => docker('volume', 'rm', '--force', name))
  return name
}

/** The image's own configuration, as `docker image inspect` has it. */
export async function config(image) {
  const { code, stdout, output } = await docker('image', 'inspect', '--format', '{{json .Config}}', image)
  assert.equal(code, 0, output)
  const { Env, ...rest } = JSON.parse(stdout)
  const env = Object.fromEntries(
    Env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  // Docker leaves out what is empty.
  return { User: '', WorkingDir: '/', Entrypoint: null, ...rest, env }
}
