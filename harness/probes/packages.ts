/** Which interpreters and which packages are really installed, whatever a lock file says. */
import type { ParityFile } from '../config/schema.ts'
import type { Probe, Service } from '../model.ts'
import { askRoles, jsonFromService, scriptOf } from './inside.ts'

/** A static site's server needs no Node: that there is none is an observation, not an error. */
const ABSENT = JSON.stringify({ version: null, installed: {} })
const NODE_OR_ABSENT = `command -v node >/dev/null || { cat >/dev/null; echo '${ABSENT}'; exit; }; exec node - "$1"`

export function packagesProbe({ packages }: ParityFile): Probe | null {
  if (!packages) return null
  return {
    name: 'packages',
    question: 'Which versions of Python, Node and of each package are installed?',
    effect: 'reads',
    observe: async (environment, signal) => {
      const [forPython, forNode] = await Promise.all([scriptOf('packages.py'), scriptOf('packages.cjs')])
      const ask = (service: Service, command: string[], input: string) =>
        jsonFromService(service, command, signal, { input })
      const [python, node] = await Promise.all([
        askRoles(environment, Object.keys(packages.python), (service) =>
          ask(service, [...(packages.python[service.role] as string[]), '-'], forPython),
        ),
        askRoles(environment, Object.keys(packages.node), (service) =>
          ask(service, ['sh', '-c', NODE_OR_ABSENT, 'sh', packages.node[service.role] as string], forNode),
        ),
      ])
      return { python, node }
    },
  }
}
