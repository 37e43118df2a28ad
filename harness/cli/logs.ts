import { styleText } from 'node:util'
import { type Command, InvalidArgumentError } from 'commander'
import { printable } from '../compare/show.ts'
import { follow } from '../exec.ts'
import { byTime, type LogLine, logLine, logLines } from '../log-lines.ts'
import type { Service } from '../model.ts'
import { interruption } from './exit.ts'
import { PROJECT_OPTION, recall, serviceIn } from './left-up.ts'

interface Options {
  since?: Date
  follow?: boolean
  json?: boolean
  project: string
}

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('print what the services of an environment that is up have logged, all in order of time')
    .argument('<name>', 'an environment that is up')
    .argument('[roles...]', 'only these services')
    .option('--since <time>', 'from this time on (RFC 3339), or as long ago: 90s, 5m, 2h, 1d', moment)
    .option('--follow', 'go on with what is logged from now on, until Ctrl-C')
    .option('--json', 'print one JSON object a line: role, time, text')
    .option(...PROJECT_OPTION)
    .addHelpText('after', '\nExample:\n  parity logs production web worker --since 5m --follow')
    .action(async (name: string, roles: string[], options: Options) => {
      const environment = await recall(options.project, name)
      const services = roles.length
        ? roles.map((role) => serviceIn(environment, role))
        : Object.values(environment.services)
      const print = printer(services, options)
      const past = await logLines(services)
      for (const line of past) print(line)
      if (options.follow) await goOn(services, past, print)
    })
}

/** Each program that follows a log begins with its past once more. */
async function goOn(services: Service[], past: LogLine[], print: (line: LogLine) => void): Promise<void> {
  const signal = interruption({ quiet: true })
  const following = services.map(({ role, logs }) => {
    const last = past.findLast((line) => line.role === role)
    const onLine = (printed: string) => {
      const line = logLine(role, printed)
      if (line && (!last || byTime(line, last) > 0)) print(line)
    }
    return follow([...logs, '--follow'], { onLine, signal })
  })
  await Promise.all(following)
}

const COLOURS = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const

function printer(services: Service[], { since, json }: Options): (line: LogLine) => void {
  const width = Math.max(...services.map(({ role }) => role.length))
  const prefixes = new Map(
    services.map(({ role }, index) => {
      return [role, styleText(COLOURS[index % COLOURS.length] as 'cyan', `${role.padEnd(width)} |`)]
    }),
  )
  const from = since && { time: since.toISOString() }
  return (line) => {
    if (from && byTime(line, from) < 0) return
    console.log(json ? JSON.stringify(line) : `${prefixes.get(line.role)} ${printable(line.text)}`)
  }
}

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

function moment(text: string): Date {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const date = unit ? new Date(Date.now() - Number(count) * (UNIT_SECONDS[unit] as number) * 1000) : new Date(text)
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Give 90s, 5m, 2h, 1d or a time (RFC 3339).')
  return date
}
