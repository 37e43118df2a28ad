import type { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { probesFor } from '../probes/index.ts'

export function addConfig(program: Command): void {
  program
    .command('config')
    .description('check parity.yaml and print what it means')
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .option('--json', 'print the whole configuration, with its defaults, as JSON')
    .addHelpText('after', '\nExample:\n  parity config fixtures/manifest-tracker --json')
    .action(async (project: string, { json }: { json?: boolean }) => {
      const { file, settings, accepted } = await loadConfig(project)
      if (json) {
        console.log(JSON.stringify(settings, null, 2))
        return
      }
      const environments = Object.entries(settings.environments).map(([name, { kind }]) => `${name} (${kind})`)
      console.log(`${file} is valid`)
      console.log(`  environments: ${environments.join(', ')}; reference: ${settings.reference}`)
      console.log(
        `  probes:       ${probesFor(settings)
          .map(({ name }) => name)
          .join(', ')}`,
      )
      console.log(`  accepted:     ${accepted.length} differences`)
    })
}
