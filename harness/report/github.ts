/** What GitHub Actions shows of a run beside its log: the job summary, and annotations on lines of the project's files. */
import { appendFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { Finding, Report } from '../model.ts'
import { markdown } from './markdown.ts'

/** GitHub takes 1 MiB for each step. */
const SUMMARY_CHARACTERS_AT_MOST = 500_000

export interface GitHub {
  /** `true` on a runner of GitHub Actions. */
  GITHUB_ACTIONS?: string
  GITHUB_STEP_SUMMARY?: string
  /** Paths of annotations are relative to it. */
  GITHUB_WORKSPACE?: string
}

/** Does nothing elsewhere. @param directory the folder of parity.yaml */
export async function tellGitHub(report: Report, directory: string, github: GitHub = process.env): Promise<void> {
  if (github.GITHUB_STEP_SUMMARY) {
    await appendFile(github.GITHUB_STEP_SUMMARY, `${markdown(report).slice(0, SUMMARY_CHARACTERS_AT_MOST)}\n`)
  }
  // On standard error, which the runner reads as well: standard output may be read by a program.
  if (github.GITHUB_ACTIONS === 'true') for (const line of annotations(report, directory, github)) console.error(line)
}

/** Workflow commands, one for each finding that has a place, and one for each environment that did not start. */
export function annotations(report: Report, directory: string, { GITHUB_WORKSPACE = '.' }: GitHub = {}): string[] {
  const path = (file: string) => relative(resolve(GITHUB_WORKSPACE), resolve(directory, file))
  const found = report.findings.flatMap(({ id, verdict, sentence, places }: Finding) => {
    const [place] = places
    if (!place) return []
    const where = { file: path(place.file), line: String(place.line), title: `parity ${id}` }
    return [command(verdict === 'different' ? 'error' : 'warning', where, sentence)]
  })
  const notStarted = (report.recording.failures ?? []).map(({ environment, message }) =>
    command('error', { title: `${environment} could not be started` }, message),
  )
  return [...notStarted, ...found]
}

/** https://docs.github.com/actions/reference/workflow-commands: what could end the command or begin another is escaped. */
function command(name: string, properties: Record<string, string>, message: string): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const written = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`)
  return `::${name} ${written.join(',')}::${data(message)}`
}
