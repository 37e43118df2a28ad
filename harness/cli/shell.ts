import type { Command } from 'commander'
import { handOver } from '../exec.ts'
import type { Service } from '../model.ts'
import { PROJECT_OPTION, recall, serviceIn } from './left-up.ts'

export function addShell(program: Command): void {
  program
    .command('shell')
    .description('open a shell inside a service of an environment that is up, or run a command there')
    .argument('<name>', 'an environment that is up')
    .argument('<role>', 'one of its services')
    .argument('[command...]', 'behind --: run this instead of a shell; its exit code is passed on')
    .option(...PROJECT_OPTION)
    .addHelpText('after', '\nExample:\n  parity shell production web -- python --version')
    .action(async (name: string, role: string, command: string[], { project }: { project: string }) => {
      const service = serviceIn(await recall(project, name), role)
      process.exitCode = await handOver(commandLine(service, command))
    })
}

/** With a terminal inside only where there is one outside: otherwise a program could not read what is piped to it. */
export function commandLine({ shell, exec }: Service, command: string[]): string[] {
  const prefix = process.stdin.isTTY && process.stdout.isTTY ? shell : exec
  return [...prefix, ...(command.length ? command : BEST_SHELL)]
}

const BEST_SHELL = ['sh', '-c', 'if command -v bash >/dev/null; then exec bash; else exec sh; fi']
