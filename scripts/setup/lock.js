import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MILLISECONDS = 200

/** Two set-ups at once would install and build over each other; Docker and apt belong to the machine, so the lock does too. */
export async function withLock(work) {
  const path = join(tmpdir(), `parity-setup-${process.getuid?.() ?? 'user'}.lock`)
  let said = false
  while (!take(path)) {
    const owner = Number(readIfThere(path))
    if (!isAlive(owner)) {
      rmSync(path, { force: true })
      continue
    }
    if (!said) process.stdout.write(`… waiting for another set-up on this machine (process ${owner})\n`)
    said = true
    await sleep(POLL_MILLISECONDS)
  }
  const release = () => rmSync(path, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

/** Linked into place, so that the lock never stands there without its owner's number. */
function take(path) {
  const own = `${path}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own)
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid) {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
