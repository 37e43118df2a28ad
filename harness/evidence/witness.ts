/** What an environment has said by now: its services' logs, and what its platform says of it. */
import { type LogLine, logLines } from '../log-lines.ts'
import type { RunningEnvironment } from '../model.ts'
import type { Redactor } from '../secrets.ts'

export interface Witness {
  environment: string
  startedAt: string
  /** Of all services, in order of time. */
  lines: LogLine[]
  /** As `RunningEnvironment.describe` has it. */
  described: Record<string, string>
}

/** Of one service, the last ones. */
const LINES_AT_MOST = 3000
const TEXT_CHARACTERS_AT_MOST = 400_000

/** Has to be asked before the environment goes down. Without secrets; what could not be had says so in its place. */
export async function witness(environment: RunningEnvironment, redactor: Redactor): Promise<Witness> {
  const { name, startedAt, services } = environment
  const [lines, described] = await Promise.all([
    logLines(Object.values(services)).catch((error: Error) => [
      { role: name, time: new Date().toISOString(), text: `the logs could not be read: ${error.message}` },
    ]),
    environment.describe().catch((error: Error) => ({ 'not-described.txt': error.message })),
  ])
  const kept = [...Map.groupBy(lines, ({ role }) => role).values()].flatMap((own) => own.slice(-LINES_AT_MOST))
  const order = new Set(kept)
  return {
    environment: name,
    startedAt,
    lines: lines.filter((line) => order.has(line)).map((line) => ({ ...line, text: redactor.document(line.text) })),
    described: withoutSecrets(described, redactor),
  }
}

/** All that was witnessed, as texts by file name. */
export function filesOf({ lines, described }: Pick<Witness, 'lines' | 'described'>): Record<string, string> {
  const logs = [...Map.groupBy(lines, ({ role }) => role)].map(([role, own]) => [`logs/${role}.log`, logText(own)])
  return { ...described, ...Object.fromEntries(logs) }
}

export function logText(lines: LogLine[]): string {
  return lines.map(({ time, text }) => `${time} ${text}\n`).join('')
}

/** Redacted first, so that no cut goes through a secret. */
export function withoutSecrets(files: Record<string, string>, redactor: Redactor): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, redactor.document(text).slice(-TEXT_CHARACTERS_AT_MOST)]),
  )
}
