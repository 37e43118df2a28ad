import type { Command } from 'commander'
import { openInBrowser } from './browser.ts'
import { UsageError } from './exit.ts'
import { PROJECT_OPTION, recall, serviceIn } from './left-up.ts'

export function addOpen(program: Command): void {
  program
    .command('open')
    .description('print the URL of a service of an environment that is up, and open it where there is a browser')
    .argument('<name>', 'an environment that is up')
    .argument('<role>', 'one of its services')
    .option(...PROJECT_OPTION)
    .addHelpText('after', '\nExample:\n  parity open production web')
    .action(async (name: string, role: string, { project }: { project: string }) => {
      const environment = await recall(project, name)
      const { baseUrl } = serviceIn(environment, role)
      if (baseUrl === null) {
        const serving = Object.values(environment.services).filter((service) => service.baseUrl !== null)
        const roles = serving.map((service) => service.role).join(', ') || 'none'
        throw new UsageError(`${role} of ${name} publishes no port (roles that do: ${roles})`)
      }
      console.log(baseUrl)
      await openInBrowser(baseUrl)
    })
}
