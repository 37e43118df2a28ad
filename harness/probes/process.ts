/** What is really running: the main process of each role, as /proc shows it. */
import { readFile } from 'node:fs/promises'
import type { ParityFile } from '../config/schema.ts'
import type { Environment, Probe } from '../model.ts'
import { askRoles, inService } from './inside.ts'
import { describeProcess } from './proc.ts'

const SCRIPT = new URL('inside/process.sh', import.meta.url)

export function processProbe({ process }: ParityFile): Probe {
  return {
    name: 'process',
    question: 'Which program runs as whom, where, with which variables, and on which addresses does it listen?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const script = await readFile(SCRIPT, 'utf8')
      return askRoles(environment, process?.roles ?? ownRoles(environment), async (service) => {
        const { stdout } = await inService(service, ['sh', '-s'], signal, { input: script })
        const { environment: variables, ...rest } = describeProcess(stdout)
        const left = process?.withoutVariables.includes(service.role) || variables === undefined
        return left ? rest : { ...rest, environment: variables }
      })
    },
  }
}

function ownRoles({ services }: Environment): string[] {
  return Object.values(services)
    .filter(({ ownImage }) => ownImage)
    .map(({ role }) => role)
}
