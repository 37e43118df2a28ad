// The only place in set-up that starts a process.
import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

const LAST_LINES = 20

/** Set-up cannot go on. The message says what was being done, what was found and what to do next. */
export class SetupError extends Error {}

/**
 * Runs a program without a shell. Never rejects for a program that fails: `code` is its exit code, or null when it could not be
 * started or was stopped.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, signal?: AbortSignal, stdoutTo?: number }} [options]
 * @returns {Promise<{ code: number | null, stdout: string, output: string }>}
 */
export function attempt(file, args, options = {}) {
  const { onLine = () => {}, stdoutTo = 'pipe', ...rest } = options
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', stdoutTo, 'pipe'], ...rest })
    let stdout = ''
    let output = ''
    const collect = (text) => {
      output += text
      for (const line of text.split(/[\r\n]+/)) if (line.trim()) onLine(stripVTControlCharacters(line.trim()))
    }
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text
      collect(text)
    })
    child.stderr.setEncoding('utf8').on('data', collect)
    child.on('error', (error) => resolve({ code: null, stdout, output: output + error.message }))
    child.on('close', (code) => resolve({ code, stdout, output }))
  })
}

/**
 * As `attempt`, for a program that has to succeed.
 * @returns {Promise<string>} what it wrote to standard output
 * @throws {SetupError} with the command, its exit code and its last lines
 */
export async function run(file, args, options = {}) {
  const { code, stdout, output } = await attempt(file, args, options)
  if (code === 0) return stdout
  const ending = code === null ? 'could not run' : `exit code ${code}`
  throw new SetupError(`${[file, ...args].join(' ')}\n${ending}:\n${lastLines(output)}`)
}

export function lastLines(text) {
  return text.trimEnd().split('\n').slice(-LAST_LINES).join('\n')
}

export async function isInstalled(program) {
  return (await attempt('sh', ['-c', `command -v ${program}`])).code === 0
}
