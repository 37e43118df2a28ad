/** The only module that spawns a process. */
import { open, readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa, type Options } from 'execa'
import { endOf } from './frames.ts'
import { waitFor } from './poll.ts'

export interface ExecOptions {
  /** Written to standard input, which is closed afterwards. */
  input?: string
  cwd?: string
  /** Added to this process's own environment. */
  env?: Record<string, string>
  timeoutSeconds?: number
  signal?: AbortSignal
  /** Called with each line of standard output and standard error as it comes. */
  onLine?: (line: string) => void
  /** Called with the process id once it runs, for whoever has to send it signals. */
  onStart?: (pid: number) => void
  /** Exit codes other than 0 that are an answer, not a failure; `any` takes all of them. */
  accept?: number[] | 'any'
}

export interface ExecResult {
  stdout: string
  stderr: string
  exitCode: number
}

/** A command that did not end as it should. The message says what was run, how it ended and its last lines. */
export class CommandError extends Error {
  readonly command: string
  /** The message without the command. */
  readonly found: string
  readonly exitCode: number | undefined
  readonly stderr: string

  constructor(command: string, exitCode: number | undefined, outcome: string, output: string) {
    const found = `${outcome}${lastLines(output)}`
    const short = shortened(command)
    super(`${short} ${found}${short === command ? '' : `\n  in full: ${command}`}`)
    this.name = 'CommandError'
    this.command = command
    this.found = found
    this.exitCode = exitCode
    this.stderr = output
  }
}

/** What a reader needs of a long command to know it: its program without the folders, and its first arguments. */
function shortened(command: string): string {
  if (command.length <= MAX_COMMAND) return command
  const text = command.replace(/^\S*\//, '').replaceAll(/\s+/g, ' ')
  return text.length <= MAX_COMMAND ? text : `${text.slice(0, text.lastIndexOf(' ', MAX_COMMAND))} …`
}

const MAX_COMMAND = 70
const LAST_LINES = 15

/**
 * Runs a program without a shell and waits for its end.
 * @throws CommandError when it cannot be started, runs into the time limit or exits with a code that is not accepted.
 */
export async function exec(commandLine: string[], options: ExecOptions = {}): Promise<ExecResult> {
  const [file, ...args] = commandLine as [string, ...string[]]
  const settings = {
    cwd: options.cwd,
    env: options.env,
    input: options.input ?? '',
    timeout: options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds * 1000,
    cancelSignal: options.signal,
    reject: false,
    stripFinalNewline: true,
    all: options.onLine !== undefined,
    forceKillAfterDelay: 2000,
    maxBuffer: 64 * 1024 * 1024,
  } satisfies Options
  const subprocess = execa(file, args, settings)
  if (subprocess.pid !== undefined) options.onStart?.(subprocess.pid)
  const passingOn = options.onLine && passOn(subprocess, options.onLine)
  const result = await subprocess
  await passingOn
  options.signal?.throwIfAborted()
  const { stdout, stderr, exitCode } = result
  const accepted =
    options.accept === 'any' ? exitCode !== undefined : [0, ...(options.accept ?? [])].includes(exitCode ?? -1)
  // A program may end well when it is told to end for having taken too long: that is no answer.
  if (accepted && !result.timedOut) return { stdout, stderr, exitCode: exitCode as number }
  const outcome = result.timedOut
    ? `did not end within ${options.timeoutSeconds} s`
    : exitCode === undefined
      ? result.signal
        ? `was ended by ${result.signal}`
        : `could not be run: ${result.originalMessage ?? result.shortMessage}`
      : `exited with code ${exitCode}`
  const output = [stdout, stderr].filter(Boolean).join('\n')
  throw new CommandError(commandLine.join(' '), result.timedOut ? undefined : exitCode, outcome, output)
}

/** Until there are no more lines. That the program has failed is told elsewhere. */
async function passOn(
  subprocess: { iterable(options: { from: 'all' }): AsyncIterable<unknown> },
  onLine: (line: string) => void,
): Promise<void> {
  try {
    for await (const line of subprocess.iterable({ from: 'all' })) onLine(line as string)
  } catch {}
}

/** The end of a program's output, indented below the message that quotes it. */
export function lastLines(output: string): string {
  const lines = endOf(output, LAST_LINES)
  return lines.join('').trim() === '' ? '' : `\n${lines.map((line) => `  | ${line}`).join('\n')}`
}

/**
 * Runs two programs, the standard output of the first going to the second, through a filter where there is one.
 * @throws CommandError when either does not exit with 0
 */
export async function pipe(
  from: string[],
  to: string[],
  options: { signal?: AbortSignal; through?: { input: Writable; output: Readable } } = {},
): Promise<void> {
  const start = ([file, ...args]: string[]) =>
    execa(file as string, args, {
      cancelSignal: options.signal,
      reject: false,
      buffer: { stdout: false },
      stdin: 'pipe',
    })
  const [source, sink] = [start(from), start(to)]
  const { through } = options
  const streams = through
    ? [pipeline(source.stdout, through.input), pipeline(through.output, sink.stdin)]
    : [pipeline(source.stdout, sink.stdin)]
  // Whichever program fails breaks the stream; its exit code and words say more than the broken stream does.
  const streaming = Promise.allSettled(streams)
  const [sent, received] = await Promise.all([source, sink])
  await streaming
  options.signal?.throwIfAborted()
  for (const [command, { exitCode, stderr }] of [
    [to, received],
    [from, sent],
  ] as const) {
    if (exitCode !== 0) {
      throw new CommandError(command.join(' '), exitCode, `exited with code ${exitCode}`, String(stderr))
    }
  }
}

/**
 * Gives this process's own terminal, or its standard input and outputs, to a program until it ends.
 * @returns its exit code; 128 + n when signal n ended it
 * @throws CommandError when it cannot be started
 */
export async function handOver([file, ...args]: string[]): Promise<number> {
  const result = await execa(file as string, args, { stdio: 'inherit', reject: false })
  if (result.exitCode !== undefined) return result.exitCode
  if (result.signal) return 128 + constants.signals[result.signal as NodeJS.Signals]
  throw new CommandError([file, ...args].join(' '), undefined, `could not be run: ${result.originalMessage}`, '')
}

/**
 * Passes on the lines of a program that goes on, until it ends or the signal ends it; nothing of them is kept.
 * @throws CommandError when it ends otherwise than with 0
 */
export async function follow(
  commandLine: string[],
  { onLine, signal }: { onLine: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const [file, ...args] = commandLine as [string, ...string[]]
  const subprocess = execa(file, args, {
    reject: false,
    all: true,
    buffer: false,
    stdin: 'ignore',
    cancelSignal: signal,
  })
  for await (const line of subprocess.iterable({ from: 'all' })) onLine(line as string)
  const { exitCode, isCanceled } = await subprocess
  if (isCanceled || exitCode === 0) return
  throw new CommandError(commandLine.join(' '), exitCode, `exited with code ${exitCode}`, '')
}

/** A program that is told one thing after the other through its standard input, and answers each. */
export interface Conversation {
  /**
   * @param answer what ends its answer on standard output, and on standard error where that is part of it
   * @returns both without these ends
   * @throws CommandError when it ends instead of answering, or does not answer in time, which ends it
   */
  ask(
    text: string,
    answer: { endsWith: string; errorsEndWith?: string; timeoutSeconds: number },
  ): Promise<{ stdout: string; stderr: string }>
  /** False once it has ended, whyever. */
  isAlive(): boolean
  /** Ends its input and waits for its end, but not for long: what it runs in may stand still. */
  end(): Promise<void>
}

const ENDING_SECONDS = 5

export function converse([file, ...args]: string[], signal: AbortSignal): Conversation {
  const subprocess = execa(file as string, args, {
    stdin: 'pipe',
    reject: false,
    buffer: false,
    cancelSignal: signal,
    forceKillAfterDelay: 2000,
  })
  const said = { stdout: '', stderr: '' }
  let look = () => {}
  for (const name of ['stdout', 'stderr'] as const) {
    subprocess[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      look()
    })
  }
  const take = (name: keyof typeof said, end: string) => {
    const text = said[name]
    const length = text.indexOf(end)
    said[name] = text.slice(length + end.length)
    return text.slice(0, length)
  }
  /** Ends the program when what is awaited has not come in time. */
  const within = async <T>(seconds: number, awaited: Promise<T>): Promise<{ first: T; late: boolean }> => {
    const late = AbortSignal.timeout(seconds * 1000)
    const kill = () => subprocess.kill()
    late.addEventListener('abort', kill)
    const first = await awaited
    late.removeEventListener('abort', kill)
    return { first, late: late.aborted }
  }
  return {
    ask: async (text, { endsWith, errorsEndWith, timeoutSeconds }) => {
      const answered = new Promise<'answered'>((resolve) => {
        look = () => {
          const complete = said.stdout.includes(endsWith) && (!errorsEndWith || said.stderr.includes(errorsEndWith))
          if (complete) resolve('answered')
        }
      })
      subprocess.stdin.write(text)
      const { first, late } = await within(timeoutSeconds, Promise.race([answered, subprocess]))
      if (first === 'answered') {
        return { stdout: take('stdout', endsWith), stderr: errorsEndWith ? take('stderr', errorsEndWith) : '' }
      }
      signal.throwIfAborted()
      const { exitCode } = first
      const outcome = late ? `did not answer within ${timeoutSeconds} s` : `exited with code ${exitCode}`
      throw new CommandError([file, ...args].join(' '), late ? undefined : exitCode, outcome, said.stderr)
    },
    isAlive: () => subprocess.nodeChildProcess.exitCode === null && subprocess.nodeChildProcess.signalCode === null,
    end: async () => {
      subprocess.stdin.end()
      await within(ENDING_SECONDS, subprocess)
    },
  }
}

/** A program that goes on until it is stopped. */
export interface Serving {
  pid: number
  /** What its output matched when it said that it serves. */
  match: RegExpMatchArray
  stop(): Promise<void>
}

/**
 * Starts a program that stays, and waits until its output says that it is at work.
 * @param options.output a file for what it prints, which may be removed afterwards
 * @param options.outlives it goes on when this process has ended, instead of ending with it
 * @throws CommandError when it ends before that, or does not say so in time
 */
export async function serve(
  commandLine: string[],
  options: { until: RegExp; withinSeconds: number; signal: AbortSignal; output: string; outlives: boolean },
): Promise<Serving> {
  const [file, ...args] = commandLine as [string, ...string[]]
  const { outlives } = options
  // A file, not a pipe: a program whose output nobody takes any more stands still, or ends.
  await using output = await open(options.output, 'w')
  // Any descriptor may stand there; execa's types know three of them.
  const to = output.fd as 1
  const stdio = { stdin: 'ignore', stdout: to, stderr: to, buffer: false } as const
  const subprocess = execa(file, args, { reject: false, ...stdio, detached: outlives, cleanup: !outlives })
  const stop = async () => {
    subprocess.kill()
    await subprocess
  }
  const said = () => readFile(options.output, 'utf8')
  const ended = new AbortController()
  subprocess.then(() => ended.abort())
  try {
    const match = await waitFor({
      what: `${commandLine.join(' ')} to say ${options.until}`,
      withinSeconds: options.withinSeconds,
      everySeconds: 0.05,
      signal: AbortSignal.any([options.signal, ended.signal]),
      check: async () => options.until.exec(await said()) ?? undefined,
    })
    // Nobody has to stop it for this process to end.
    subprocess.nodeChildProcess.unref()
    return { pid: subprocess.pid as number, match, stop }
  } catch (error) {
    await stop()
    options.signal.throwIfAborted()
    const outcome = ended.signal.aborted ? `ended before it said ${options.until}` : (error as Error).message
    throw new CommandError(
      commandLine.join(' '),
      subprocess.nodeChildProcess.exitCode ?? undefined,
      outcome,
      await said(),
    )
  }
}
