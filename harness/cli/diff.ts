import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type Change, changesBetween } from '../compare/changes.ts'
import { judge } from '../compare/judge.ts'
import { printable, show } from '../compare/show.ts'
import { loadConfig } from '../config/load.ts'
import { didYouMean } from '../config/nearest.ts'
import type { Report } from '../model.ts'
import { reportOf } from '../report/report.ts'
import { terminal } from '../report/terminal.ts'
import { writeReports } from '../report/write.ts'
import { EXIT, exitCodeOf, interruption, UsageError } from './exit.ts'
import { progressLog } from './progress.ts'
import { savedRecording, savedReport } from './saved-report.ts'

interface Options {
  report?: string
  project: string
  output: string
  json?: boolean
  verbose?: boolean
}

export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('compare two environments with one another, running or of a saved report; or two saved reports')
    .argument('<a>', 'an environment, or a report.json')
    .argument('<b>', 'another one, held against the first')
    .option('--report <file>', 'take the two environments from this report.json; nothing is started')
    .option('--project <folder>', 'folder with parity.yaml, or the file itself', '.')
    .option('--output <folder>', 'where the reports of a run are written', '.parity')
    .option('--verbose', 'print every place of every finding, with its values')
    .option('--json', 'print the report, or what has changed between two, as JSON')
    .addHelpText('after', '\nExample:\n  parity diff development helm --report .parity/report.json')
    .action(async (a: string, b: string, options: Options) => {
      if (options.report === undefined && [a, b].every(isFile)) return diffReports(a, b, options)
      const report = options.report === undefined ? await run(a, b, options) : await diffSaved(options.report, a, b)
      console.log(options.json ? JSON.stringify(report, null, 2) : terminal(report, options))
      process.exitCode = exitCodeOf(report)
    })
}

function isFile(name: string): boolean {
  return name.endsWith('.json') || existsSync(resolve(name, 'report.json'))
}

function reportIn(name: string): string {
  return name.endsWith('.json') ? name : join(name, 'report.json')
}

/** Nothing is accepted between two environments of which none need be the project's reference. */
async function diffSaved(file: string, a: string, b: string): Promise<Report> {
  const recording = await savedRecording(file)
  const names = [...new Set(recording.environments.map(({ name }) => name))]
  refuseUnknown([a, b], names, file)
  const of = <T>(items: T[], nameOf: (item: T) => string) => items.filter((item) => [a, b].includes(nameOf(item)))
  const two = {
    ...recording,
    reference: a,
    environments: of(recording.environments, ({ name }) => name),
    observations: of(recording.observations, ({ environment }) => environment),
    casualties: of(recording.casualties, ({ environment }) => environment),
  }
  return reportOf(two, judge(two, []))
}

async function run(a: string, b: string, { project, output, json }: Options): Promise<Report> {
  const config = await loadConfig(project)
  refuseUnknown([a, b], Object.keys(config.settings.environments), config.file)
  const isUsual = a === config.settings.reference
  const turned = { ...config, settings: { ...config.settings, reference: a }, accepted: isUsual ? config.accepted : [] }
  const { check } = await import('../check.ts')
  const signal = interruption()
  const report = await check(turned, { environments: [b], ...progressLog(), signal })
  const written = await writeReports(report, resolve(output))
  if (!json) console.error(`Reports: ${written.join(', ')}`)
  return report
}

async function diffReports(a: string, b: string, { json }: Options): Promise<void> {
  const [before, after] = await Promise.all([savedReport(reportIn(a)), savedReport(reportIn(b))])
  const changes = changesBetween(before, after)
  console.log(
    json ? JSON.stringify(changes, null, 2) : changes.length ? changes.map(lineOf).join('\n') : 'nothing has changed',
  )
  process.exitCode = changes.length ? EXIT.different : EXIT.same
}

const SIGNS = { appeared: '+', gone: '-', changed: '~' }

function lineOf({ what, environment, probe, pointer, before, after }: Change): string {
  const side = (place: Change['before']) =>
    place && `${place.verdict} ${show(place.candidate, 60)} against ${show(place.reference, 60)}`
  const values = [side(before), side(after)].filter((text) => text !== undefined).join(' → ')
  return `${SIGNS[what]} ${environment} ${printable(probe + pointer)}: ${values}`
}

function refuseUnknown(given: string[], known: string[], where: string): void {
  const [unknown] = given.filter((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(
      `${where} has no environment ${unknown}${didYouMean(unknown, known)} (environments: ${known.join(', ')})`,
    )
  if (given[0] === given[1]) throw new UsageError(`${given[0]} is named twice; name two environments`)
}
