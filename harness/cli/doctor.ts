import { styleText } from 'node:util'
import type { Command } from 'commander'
import { diagnose } from '../doctor/index.ts'
import { EXIT } from './exit.ts'

const SIGN = { ok: '✓', warn: '!', fail: '✗' }
const COLOUR = { ok: 'green', warn: 'yellow', fail: 'red' } as const

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at everything that runs need of this machine, and say what to do; nothing is changed')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', '\nExample:\n  parity doctor')
    .action(async ({ json }: { json?: boolean }) => {
      const diagnoses = await diagnose()
      if (json) console.log(JSON.stringify(diagnoses, null, 2))
      else {
        for (const { name, state, found, todo } of diagnoses) {
          console.log(`${styleText(COLOUR[state], SIGN[state])} ${name.padEnd(18)} ${found}`)
          if (todo) console.log(`${' '.repeat(21)}→ ${todo}`)
        }
      }
      process.exitCode = diagnoses.some(({ state }) => state === 'fail') ? EXIT.different : 0
    })
}
