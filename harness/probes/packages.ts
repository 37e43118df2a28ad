/** Which interpreters and which packages are really installed. */
import { readFile } from 'node:fs/promises'
import type { ParityFile } from '../config/schema.ts'
import type { Json, Probe, Service } from '../model.ts'
import { askRoles, inService } from './inside.ts'

const script = (name: string) => readFile(new URL(`inside/${name}`, import.meta.url), 'utf8')

export function packagesProbe({ packages }: ParityFile): Probe | null {
  if (!packages) return null
  return {
    name: 'packages',
    question: 'Which versions of Python, Node and of each package are installed?',
    mutates: false,
    observe: async (environment, signal) => {
      const [forPython, forNode] = await Promise.all([script('packages.py'), script('packages.js')])
      const python = (service: Service, interpreter: string[]) =>
        inService(service, [...interpreter, '-'], signal, { input: forPython })
      const node = (service: Service, folder: string) =>
        inService(service, ['node', '-', folder], signal, { input: forNode })
      return {
        python: await askRoles(environment, Object.keys(packages.python), async (service) => {
          const { stdout } = await python(service, packages.python[service.role] as string[])
          return JSON.parse(stdout)
        }),
        node: await askRoles(environment, Object.keys(packages.node), async (service) => {
          if (await lacksNode(service, signal)) return null
          return JSON.parse((await node(service, packages.node[service.role] as string)).stdout)
        }),
      } satisfies Json
    },
  }
}

/** A static site's server needs no Node: that there is none is an observation, not an error. */
async function lacksNode(service: Service, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await inService(service, ['sh', '-c', 'command -v node || echo absent'], signal)
  return stdout === 'absent'
}
