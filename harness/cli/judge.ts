import type { Command } from 'commander'
import { judge } from '../compare/judge.ts'
import { loadConfig } from '../config/load.ts'
import { reportOf } from '../report/report.ts'
import { terminal } from '../report/terminal.ts'
import { exitCodeOf } from './exit.ts'
import { savedRecording } from './saved-report.ts'

export function addJudge(program: Command): void {
  program
    .command('judge')
    .description('judge a saved report again; nothing is started')
    .argument('<report>', 'report.json of an earlier run')
    .option('--project <folder>', 'take the accepted differences of this project; without it none are accepted')
    .option('--verbose', 'print every place of every finding, with its values')
    .option('--json', 'print the new report as JSON')
    .addHelpText('after', '\nExample:\n  parity judge .parity/report.json --project fixtures/manifest-tracker')
    .action(async (file: string, options: { project?: string; json?: boolean; verbose?: boolean }) => {
      const recording = await savedRecording(file)
      const accepted = options.project === undefined ? [] : (await loadConfig(options.project)).accepted
      const report = reportOf(recording, judge(recording, accepted))
      console.log(options.json ? JSON.stringify(report, null, 2) : terminal(report, options))
      process.exitCode = exitCodeOf(report)
    })
}
