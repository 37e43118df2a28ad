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

/** Runs the checks of a service. One that is another by a further name, as probes often are, is not run again. */
export function checkRunner(): (check: Check) => Promise<HealthCheck> {
  const ran = new Map<string, Promise<HealthCheck>>()
  return async (check) => {
    const key = JSON.stringify([check.command, check.timeoutSeconds, triesOf(check)])
    const run = ran.get(key) ?? runCheck(check)
    ran.set(key, run)
    return { ...(await run), name: check.name }
  }
}

export async function runCheck(check: Check): Promise<HealthCheck> {
  const tries = triesOf(check)
  let last = await runOnce(check)
  for (let tried = 1; tried < tries && !last.passes; tried++) last = await runOnce(check)
  return last
}

function triesOf({ threshold }: Check): number {
  return Math.max(1, Math.min(threshold, MOST_TRIES))
}

async function runOnce({ name, words, command, timeoutSeconds, signal }: Check): Promise<HealthCheck> {
  const elapsedSeconds = stopwatch()
  const { passes, output } = await exec(command, { timeoutSeconds, accept: 'any', signal }).then(
    ({ exitCode, stdout, stderr }) => ({ passes: exitCode === 0, output: `${stdout}\n${stderr}`.trim() }),
    () => ({ passes: false, output: `did not end within ${timeoutSeconds} s` }),
  )
  return { name, check: `exec ${words.join(' ')}`, passes, seconds: elapsedSeconds(), timeoutSeconds, output }
}
