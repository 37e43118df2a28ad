/** Exit codes, and how an error is told. */
import { ConfigError } from '../config/load.ts'
import { StartError } from '../environments/adapter.ts'
import type { Report } from '../model.ts'

export const EXIT = { same: 0, different: 1, usage: 2, notStarted: 3, interrupted: 130, readerGone: 141 } as const

export function exitCodeOf(report: Report): number {
  return report.verdict === 'same' ? EXIT.same : EXIT.different
}

/** Something that was asked for is not there: one line, and what to type instead. Exit code 2, as for a wrong option. */
export class UsageError extends Error {}

/** Tells the error on standard error. @returns the exit code for it */
export function failure(error: unknown): number {
  if (error instanceof ConfigError) {
    console.error(error.message)
    return EXIT.usage
  }
  if (error instanceof UsageError) {
    console.error(`parity: ${error.message}`)
    return EXIT.usage
  }
  if (error instanceof StartError) {
    console.error(`${error.environment} could not be started: ${error.message}`)
    return EXIT.notStarted
  }
  if (error instanceof Interrupted) {
    console.error(error.message || 'interrupted; everything that was started has been removed')
    return EXIT.interrupted
  }
  console.error(error instanceof Error ? (process.env.PARITY_DEBUG ? error.stack : error.message) : error)
  return EXIT.notStarted
}

/** Ctrl-C, or a polite request to end. */
export class Interrupted extends Error {}

/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP; the clean-up that follows is not interrupted by further ones.
 * @param options `quiet` where nothing has to be removed
 */
export function interruption({ quiet = false } = {}): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted && !quiet) console.error(`\n${name}: removing what was started …`)
      controller.abort(new Interrupted())
    })
  }
  return controller.signal
}

/**
 * For output that nobody reads any more, as when `head` has seen enough: what is running is interrupted as by a closed
 * terminal, and where nothing has to be removed the program ends at once, with the exit code of one that SIGPIPE ends.
 */
export function endWithReader(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (!process.emit('SIGHUP', 'SIGHUP')) process.exit(EXIT.readerGone)
    })
  }
}
