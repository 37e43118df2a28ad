/** The real command line as a child process, and what it leaves on the machine. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ExecResult, exec } from '../../harness/exec.ts'
import { report as reportSchema } from '../../harness/report/schema.ts'

export const main = join(import.meta.dirname, '../../harness/cli/main.ts')

/** Two services that start in seconds; compose.yaml says by which variables they vary. */
export const tiny = join(import.meta.dirname, 'projects/tiny')
/** Stands in the variables, the logs and the pages of its services. */
export const password = 'swordfish-for-specs-only'

/** Of the folder that `--output` names. @throws when it is not as its schema has it */
export async function readReport(output: string) {
  return reportSchema.parse(JSON.parse(await readFile(join(output, 'report.json'), 'utf8')))
}

/** What somebody sees who is shown an error that was not written for people. */
export const stackTrace = /^ +at .+:\d+/m

export interface RunOptions {
  env?: Record<string, string>
  cwd?: string
  /** Called with each line of its output. A signal goes to it alone, or to its children too as from a terminal. */
  onLine?: (line: string, kill: (signal: NodeJS.Signals, whom?: 'alone' | 'with children') => void) => void
}

/** Somewhere for temporary files and reports, with the means to run parity there; disposing of it removes it. */
export async function workplace() {
  const folder = await mkdtemp(join(tmpdir(), 'parity-cli-'))
  const [temporary, output] = [join(folder, 'temporary'), join(folder, 'output')]
  await mkdir(temporary)

  const parity = (args: string[], { env, cwd, onLine }: RunOptions = {}): Promise<ExecResult> => {
    let pid = 0
    const kill = (signal: NodeJS.Signals, whom = 'alone') => process.kill(whom === 'alone' ? pid : -pid, signal)
    // In a session of its own, so that it has a process group as under a shell.
    return exec(['setsid', process.execPath, main, ...args], {
      // Also on a CI machine these runs are nobody's but the spec's.
      env: { TMPDIR: temporary, GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', ...env },
      cwd,
      accept: 'any',
      onStart: (started) => {
        pid = started
      },
      onLine: (line) => onLine?.(line, kill),
    })
  }
  return {
    folder,
    output,
    parity,
    check: (args: string[] = [], options?: RunOptions) => parity(['check', tiny, '--output', output, ...args], options),
    /** What is there of the project's runs in the engine and among the temporary files. */
    leftovers: async () => [...(await inEngine('tiny')), ...(await readdir(temporary))],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** Of one project only: other runs on the machine come and go. */
export async function inEngine(project: string): Promise<string[]> {
  const format = ['--format', '{{.Label "dev.parity.environment"}}']
  const listed = await Promise.all(
    [
      ['ps', '--all'],
      ['network', 'ls'],
      ['volume', 'ls'],
    ].map((what) => exec(['docker', ...what, ...format])),
  )
  return listed.flatMap(({ stdout }) => stdout.split('\n').filter((id) => id.startsWith(`parity-${project}-`)))
}

/** The id of the container that carries a service of the tiny project in one environment. */
export async function containerOf(environment: string, image: RegExp): Promise<string> {
  const format = '{{.ID}} {{.Label "dev.parity.environment"}} {{.Image}}'
  const { stdout } = await exec(['docker', 'ps', '--format', format])
  const rows = stdout.split('\n').map((row) => row.split(' ') as [string, string, string])
  const found = rows.find(([, id, name]) => id.startsWith(`parity-tiny-${environment}-`) && image.test(name))
  if (!found) throw new Error(`no container of ${environment} runs ${image}: ${stdout}`)
  return found[0]
}
