import type { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import type { RunningEnvironment } from '../model.ts'
import { redactor } from '../secrets.ts'
import { interruption } from './exit.ts'
import { command, makeRoom, writeDown } from './left-up.ts'
import { refuseUnknown } from './names.ts'
import { progressLog } from './progress.ts'
import { columns } from './table.ts'

export function addUp(program: Command): void {
  program
    .command('up')
    .description('start one environment, with its sample data, and leave it up')
    .argument('<name>', 'an environment of parity.yaml')
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .option('--fresh', 'make a new kind cluster instead of using the kept one')
    .option('--json', 'print what is up as JSON')
    .addHelpText('after', '\nExample:\n  parity up production fixtures/manifest-tracker')
    .action(async (name: string, project: string, options: { fresh?: boolean; json?: boolean }, verb: Command) => {
      const config = await loadConfig(project)
      const { settings } = config
      refuseUnknown(verb, 'name', [name], Object.keys(settings.environments))
      await makeRoom(project, name)

      const { plain, startEnvironments } = await import('../start.ts')
      const progress = progressLog()
      const started = await startEnvironments(config, [name], {
        redactor: redactor(settings.project, settings.secrets),
        signal: interruption(),
        keep: true,
        fresh: options.fresh,
        progress: progress.onProgress,
      })
      const environment = started.environments[0] as RunningEnvironment
      try {
        await writeDown(project, environment)
      } catch (error) {
        await started.down()
        throw error
      }
      progress.onReady(name, environment.readySeconds)
      console.log(options.json ? JSON.stringify(plain(environment), null, 2) : describe(environment, project))
    })
}

function describe({ name, kind, id, services }: RunningEnvironment, project: string): string {
  const roles = Object.values(services)
  const [first] = roles
  return [
    `${name} (${kind}) is up as ${id}`,
    ...columns(roles.map(({ role, baseUrl, image }) => ['', role, baseUrl ?? '(no port)', image])),
    '',
    `  look inside:  ${command('shell', `${name} ${first?.role ?? 'ROLE'}`, project)}`,
    `  its logs:     ${command('logs', name, project)}`,
    `  take it down: ${command('down', name, project)}`,
  ].join('\n')
}
