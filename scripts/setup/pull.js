// Pulling an image where it is not known whether a registry can be reached.
import { attempt, lastLines, SetupError } from './command.js'

/** How long an image registry may take to answer before stand-ins are built. */
const REGISTRY_SECONDS = 10

/**
 * Starts to pull, and waits until a registry has answered or is known not to. The engine asks, since only it knows its mirrors
 * and proxies; it prints "Pulling from" once it has the image's manifest, and from then on the rest may take its time.
 */
export async function beginPull(ref) {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), REGISTRY_SECONDS * 1000)
  const pull = { ref, answered: false, onLine: () => {} }
  const hasManifest = new Promise((resolve) => {
    pull.onLine = (line) => line.includes('Pulling from') && resolve(true)
  })
  pull.ended = attempt('docker', ['pull', ref], { signal: limit.signal, onLine: (line) => pull.onLine(line) })
  pull.answered = await Promise.race([hasManifest, pull.ended.then(({ code }) => code === 0)])
  clearTimeout(timer)
  pull.timedOut = limit.signal.aborted
  return pull
}

/** Waits for a pull that a registry has answered. */
export async function finishPull(pull, progress) {
  pull.onLine = progress
  const { code, output } = await pull.ended
  if (code === 0) return
  throw new SetupError(
    `docker pull ${pull.ref} failed, though an image registry answers:\n${lastLines(output)}\nRun \`npm run setup\` again.`,
  )
}

/** Why a pull got no answer. */
export async function refusal({ timedOut, ended }) {
  return timedOut
    ? `no answer within ${REGISTRY_SECONDS} s`
    : lastLines((await ended).output)
        .split('\n')
        .at(-1)
}
