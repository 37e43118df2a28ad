/** What is really running in each role, as /proc shows it, and whether neighbours reach it. */
import type { ParityFile } from '../config/schema.ts'
import type { Probe } from '../model.ts'
import { askRoles, inService, rolesOf, scriptOf } from './inside.ts'
import { reachableFrom } from './neighbours.ts'
import { describeProcess } from './proc.ts'

export function processProbe({ process }: ParityFile): Probe {
  return {
    name: 'process',
    question: 'Which programs run as whom, where, within which limits, with which variables, and who reaches them?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const script = await scriptOf('process.sh')
      return askRoles(environment, process?.roles ?? rolesOf(environment, 'own'), async (service) => {
        const { stdout } = await inService(service, ['sh', '-s'], signal, { input: script })
        const { environment: variables, ...rest } = describeProcess(stdout)
        const { listening } = rest
        const reachable = Array.isArray(listening)
          ? await reachableFrom(environment, service.role, listening as string[], signal)
          : null
        const left = process?.withoutVariables.includes(service.role) || variables === undefined
        return { ...rest, reachable, ...(!left && { environment: variables }) }
      })
    },
  }
}
