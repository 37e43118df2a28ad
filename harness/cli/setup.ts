import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { handOver } from '../exec.ts'

/** Plain JavaScript that also runs before anything is installed. */
const script = fileURLToPath(new URL('../../scripts/setup.js', import.meta.url))

export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('make this machine ready: engine, base images, kind, Helm; only what is missing')
    .option('--check', 'print what is present and what is missing, change nothing')
    .option('--pull', 'replace images that were built here by the public ones')
    .addHelpText('after', '\nExample:\n  parity setup --check')
    .action(async (options: { check?: boolean; pull?: boolean }) => {
      const flags = Object.keys(options).map((name) => `--${name}`)
      process.exitCode = await handOver([process.execPath, script, ...flags])
    })
}
