import { styleText } from 'node:util'
import type { Command } from 'commander'
import { printable } from '../compare/show.ts'
import type { Role, RunningEnvironment } from '../model.ts'
import { all } from './left-up.ts'
import { columns } from './table.ts'

export function addPs(program: Command): void {
  program
    .command('ps')
    .description('list the environments that were left up: since when, where, and whether their services run')
    .argument('[project]', 'folder with parity.yaml, or the file itself', '.')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExample:\n  parity ps fixtures/manifest-tracker')
    .action(async (project: string, { json }: { json?: boolean }) => {
      const states = await Promise.all((await all(project)).map(stateOf))
      if (json) console.log(JSON.stringify(states, null, 2))
      else console.log(states.length ? states.map(describe).join('\n\n') : 'nothing is up')
    })
}

interface State {
  name: string
  kind: string
  id: string
  startedAt: string
  upSeconds: number
  services: { role: Role; baseUrl: string | null; image: string; imageId: string; runs: boolean; trouble?: string }[]
}

async function stateOf(environment: RunningEnvironment): Promise<State> {
  const { name, kind, id, startedAt, services } = environment
  const roles = Object.values(services)
  const dead = await environment
    .casualties()
    .catch((error: Error) => roles.map(({ role }) => ({ role, message: `could not be asked: ${error.message}` })))
  return {
    name,
    kind,
    id,
    startedAt,
    upSeconds: Math.round((Date.now() - Date.parse(startedAt)) / 1000),
    services: roles.map(({ role, baseUrl, image, imageId }) => {
      const trouble = dead.find((casualty) => casualty.role === role)?.message
      return { role, baseUrl, image, imageId, runs: trouble === undefined, ...(trouble && { trouble }) }
    }),
  }
}

function describe({ name, kind, id, upSeconds, services }: State): string {
  const rows = services.map(({ role, baseUrl, trouble }) => {
    const [firstLine = ''] = printable(trouble ?? 'runs').split('\n')
    return ['', role, baseUrl ?? '(no port)', trouble ? styleText('red', firstLine) : firstLine]
  })
  return [`${styleText('bold', name)} (${kind}), up for ${duration(upSeconds)}, as ${id}`, ...columns(rows)].join('\n')
}

/** In the largest two units. */
function duration(totalSeconds: number): string {
  const [days, hours, minutes] = [86_400, 3600, 60].map((unit) => Math.floor(totalSeconds / unit)) as [
    number,
    number,
    number,
  ]
  if (days) return `${days} d ${hours % 24} h`
  if (hours) return `${hours} h ${minutes % 60} min`
  return minutes ? `${minutes} min ${totalSeconds % 60} s` : `${totalSeconds} s`
}
