import type { Command } from 'commander'
import { all, recall, takeDown } from './left-up.ts'

export function addDown(program: Command): void {
  program
    .command('down')
    .description('take down environments that were left up, with all that belongs to them')
    .argument('[name]', 'one of them; default: all of the project')
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .addHelpText('after', '\nExample:\n  parity down production fixtures/manifest-tracker')
    .action(async (name: string | undefined, project: string) => {
      const environments = name === undefined ? await all(project) : [await recall(project, name)]
      await Promise.all(environments.map((environment) => takeDown(project, environment)))
      console.log(
        environments.length ? environments.map((each) => `${each.name} is down`).join('\n') : 'nothing was up',
      )
    })
}
