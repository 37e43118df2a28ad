#!/usr/bin/env node
/**
 * `parity VERB`: the command line. One file a verb. What starts environments is loaded by the verbs that do when they
 * run, so that help and wrong options are answered at once.
 */
import { Command, CommanderError } from 'commander'
import { addAccept } from './accept.ts'
import { addCheck } from './check.ts'
import { addClean } from './clean.ts'
import { addCompletion } from './completion.ts'
import { addConfig } from './config.ts'
import { addDiff } from './diff.ts'
import { addDoctor } from './doctor.ts'
import { addDown } from './down.ts'
import { endWithReader, failure } from './exit.ts'
import { addInit } from './init.ts'
import { addJudge } from './judge.ts'
import { addLogs } from './logs.ts'
import { addOpen } from './open.ts'
import { addPs } from './ps.ts'
import { addReport } from './report.ts'
import { addRepro } from './repro.ts'
import { addSetup } from './setup.ts'
import { addShell } from './shell.ts'
import { addUp } from './up.ts'
import { version } from './version.ts'

endWithReader()

const program = new Command('parity')
  .description('Starts an application’s real environments and tells whether it behaves the same in each.')
  .version(version())
  .exitOverride()
  .showSuggestionAfterError()
  .addHelpText('after', '\nExample:\n  parity check fixtures/manifest-tracker')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'parity: ').replace('\n(', ' (')) })

addInit(program)
addCheck(program)
addAccept(program)
addJudge(program)
addDiff(program)
addConfig(program)
addUp(program)
addDown(program)
addPs(program)
addShell(program)
addLogs(program)
addOpen(program)
addRepro(program)
addSetup(program)
addReport(program)
addDoctor(program)
addClean(program)
addCompletion(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = failure(error)
}
