import { access } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import { openInBrowser } from './browser.ts'
import { UsageError } from './exit.ts'

interface Options {
  open?: boolean
  output: string
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('print where the HTML report of the last check is, or open it')
    .option('--open', 'open it where there is a browser')
    .option('--output <folder>', 'where the reports were written', '.parity')
    .addHelpText('after', '\nExample:\n  parity report --open')
    .action(async ({ open, output }: Options) => {
      const file = join(output, 'report.html')
      await access(file).catch(() => {
        throw new UsageError(`there is no ${file} yet; \`parity check\` writes one`)
      })
      console.log(relative('.', file))
      if (open) await openInBrowser(file)
    })
}
