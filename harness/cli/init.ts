import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { ConfigError, loadConfig } from '../config/load.ts'
import { UsageError } from './exit.ts'

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented parity.yaml for an existing project, from its compose file, Dockerfiles and chart')
    .argument('[folder]', 'the project', '.')
    .option('--force', 'replace a parity.yaml that is there')
    .option('--print', 'print it instead of writing it')
    .addHelpText('after', '\nExample:\n  parity init path/to/project')
    .action(async (given: string, { force, print }: { force?: boolean; print?: boolean }) => {
      const folder = resolve(given)
      const file = join(folder, 'parity.yaml')
      if (!existsSync(folder)) throw new UsageError(`there is no folder ${given}`)
      if (existsSync(file) && !force && !print) {
        throw new UsageError(`${given}/parity.yaml is there already; --force replaces it, --print only prints`)
      }
      const { describeProject } = await import('../init/index.ts')
      const described = await describeProject(folder, schemaFrom(folder))
      if (!described) {
        throw new UsageError(
          `${given} has neither a compose file nor a Dockerfile; name the folder of a project that has`,
        )
      }
      if (print) return console.log(described.text)
      await writeFile(file, described.text)
      console.log(`wrote ${relative('.', file)}, from ${described.read.join(', ')}`)
      for (const line of described.left) console.log(line)
      await sayWhatIsWrong(folder)
      console.log(`Read its comments, then: parity check${given === '.' ? '' : ` ${given}`}`)
    })
}

/** Guesses can contradict each other: better told now than at the first check. */
async function sayWhatIsWrong(folder: string): Promise<void> {
  try {
    await loadConfig(folder)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.log(`To be corrected by hand:\n${error.message}`)
  }
}

/** Where the editor finds the schema: in the project's node_modules, or where this program stands. */
function schemaFrom(folder: string): string {
  const installed = 'node_modules/parity-harness/schema/parity.schema.json'
  if (existsSync(join(folder, installed))) return `./${installed}`
  const candidates = ['../../schema', '../../../schema'].map((up) =>
    fileURLToPath(new URL(`${up}/parity.schema.json`, import.meta.url)),
  )
  return relative(folder, candidates.find((candidate) => existsSync(candidate)) ?? `./${installed}`)
}
