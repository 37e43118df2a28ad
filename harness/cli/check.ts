import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { type Config, loadConfig } from '../config/load.ts'
import { StartError } from '../environments/adapter.ts'
import { evidenceOfFailedStart } from '../evidence/evidence.ts'
import { writeEvidence } from '../evidence/write.ts'
import { probesFor } from '../probes/index.ts'
import { tellGitHub } from '../report/github.ts'
import { reportOfFailedStart } from '../report/not-started.ts'
import { terminal } from '../report/terminal.ts'
import { removeReports, writeReports } from '../report/write.ts'
import { questions } from '../static/questions/index.ts'
import { exitCodeOf, interruption } from './exit.ts'
import { list, refuseUnknown } from './names.ts'
import { progressLog } from './progress.ts'

interface Options {
  environments?: string[]
  only?: string[]
  skip?: string[]
  events?: boolean
  thorough?: boolean
  fresh?: boolean
  static?: boolean
  output: string
  json?: boolean
  verbose?: boolean
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('start the environments, ask each the same questions, and judge the answers')
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .option('--environments <names>', 'check only these against the reference, separated by commas', list)
    .option('--only <probes>', 'ask only these probes, separated by commas', list)
    .option('--skip <probes>', 'leave these probes out', list)
    .option('--events', 'let things happen to the environments too: stops, restarts, a new deployment, replicas')
    .option('--thorough', 'start the reference twice: what differs between its starts is noise too')
    .option('--fresh', 'make a new kind cluster instead of using the kept one')
    .option('--static', 'start nothing: only read the files, and judge what they declare')
    .option('--output <folder>', 'where the reports are written', '.parity')
    .option('--verbose', 'print every place of every finding, with its values')
    .option('--json', 'print report.json instead of the report for people')
    .addHelpText('after', '\nExample:\n  parity check fixtures/manifest-tracker --only http,journey')
    .action(async (project: string, options: Options, command: Command) => {
      const config = await loadConfig(project)
      refuseUnknown(command, '--environments', options.environments, Object.keys(config.settings.environments))
      const probes = (options.static ? questions : probesFor(config.settings)).map(({ name }) => name)
      const selectable = [...new Set([...probes, ...probes.map((name) => name.split('/')[0] as string)])]
      refuseUnknown(command, '--only', options.only, selectable)
      refuseUnknown(command, '--skip', options.skip, selectable)

      const signal = interruption()
      const output = resolve(options.output)
      await removeReports(output)
      const progress = progressLog()
      const check = await checkBy(options)
      const evidence: string[] = []
      const onEvidence = async (files: Record<string, string>) => evidence.push(...(await writeEvidence(files, output)))
      const report = await check(config, { ...options, ...progress, signal, onEvidence }).catch(async (error) => {
        if (error instanceof StartError) await reportFailedStart(error, config, output)
        throw error
      })
      signal.throwIfAborted()
      const written = [...(await writeReports(report, output)), ...evidence]
      await tellGitHub(report, config.directory)
      console.log(
        options.json
          ? JSON.stringify(report, null, 2)
          : `
${terminal(report, options)}`,
      )
      progress.done()
      if (!options.json) console.log(`Reports: ${written.map((file) => relative('.', file)).join(', ')}`)
      process.exitCode = exitCodeOf(report)
    })
}

/** Loaded when it is wanted: what only reads needs none of the clients of engines and clusters. */
async function checkBy({ static: onlyRead }: Options) {
  return onlyRead ? (await import('../static/check.ts')).checkStatic : (await import('../check.ts')).check
}

async function reportFailedStart({ environment, message, evidence }: StartError, config: Config, output: string) {
  const report = reportOfFailedStart(config.settings, { environment, message })
  const written = await writeReports(report, output)
  await tellGitHub(report, config.directory)
  const files = await writeEvidence(evidenceOfFailedStart(environment, message, evidence), output)
  console.error(`Reports: ${[...written, ...files].map((file) => relative('.', file)).join(', ')}`)
}
