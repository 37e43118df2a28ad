/** Running one of the platform's own checks as the platform does. */
import { exec } from '../exec.ts'
import type { HealthCheck } from '../model.ts'
import { stopwatch } from './stopwatch.ts'

interface Check {
  name: HealthCheck['name']
  /** As the platform has it. */
  words: string[]
  /** The command line on this machine that runs it. */
  command: string[]
  timeoutSeconds: number
  /** So many failures in a row make it fail: Docker's `retries`, Kubernetes' `failureThreshold`. */
  threshold: number
  signal?: AbortSignal
}

/** More in a row say nothing that these do not. */
const MOST_TRIES = 3

export async function runCheck(check: Check): Promise<HealthCheck> {
  const tries = Math.max(1, Math.min(check.threshold, MOST_TRIES))
  let last = await runOnce(check)
  for (let tried = 1; tried < tries && !last.passes; tried++) last = await runOnce(check)
  return last
}

async function runOnce({ name, words, command, timeoutSeconds, signal }: Check): Promise<HealthCheck> {
  const elapsedSeconds = stopwatch()
  const { passes, output } = await exec(command, { timeoutSeconds, accept: 'any', signal }).then(
    ({ exitCode, stdout, stderr }) => ({ passes: exitCode === 0, output: `${stdout}\n${stderr}`.trim() }),
    () => ({ passes: false, output: `did not end within ${timeoutSeconds} s` }),
  )
  return { name, check: `exec ${words.join(' ')}`, passes, seconds: elapsedSeconds(), timeoutSeconds, output }
}
