/** What services have logged, as lines in order of time. */
import { exec } from './exec.ts'
import type { Role, Service } from './model.ts'

export interface LogLine {
  role: Role
  /** RFC 3339. */
  time: string
  text: string
}

/** Everything that some services have logged so far, all of them in one order. */
export async function logLines(services: Service[]): Promise<LogLine[]> {
  const lines = await Promise.all(
    services.map(async ({ role, logs }) => {
      const printed: string[] = []
      // Line by line as they come: both outputs of the program, in the order of their writing.
      await exec(logs, { accept: 'any', onLine: (line) => printed.push(line) })
      return printed.map((line) => logLine(role, line)).filter((line) => line !== undefined)
    }),
  )
  return lines.flat().sort(byTime)
}

/** @returns undefined for what stands behind no time: it is not the service's but of who prints its log */
export function logLine(role: Role, printed: string): LogLine | undefined {
  const [, time, text] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s.exec(printed) ?? []
  return time === undefined ? undefined : { role, time, text: text as string }
}

export function byTime(a: Pick<LogLine, 'time'>, b: Pick<LogLine, 'time'>): number {
  const [left, right] = [instant(a.time), instant(b.time)]
  return left.milliseconds - right.milliseconds || left.nanoseconds - right.nanoseconds
}

/** Whole seconds, and what stands behind them: Date knows no more than three digits of that. */
function instant(time: string): { milliseconds: number; nanoseconds: number } {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  return {
    milliseconds: Date.parse(time.replace(/\.\d+/, '')),
    nanoseconds: Number(fraction.padEnd(9, '0').slice(0, 9)),
  }
}
