/** What to type to see a finding by hand, one command each. */
import type { Environment, Recording } from '../../model.ts'
import { nameOf } from './names.ts'
import { isVariable, type Trouble } from './trouble.ts'

const MAX_COMMANDS = 3

/** On an environment that is up: a run that takes everything down again leaves no address behind. */
export function lookFor([lead, ...rest]: Trouble[], recording: Recording, environment: string): string[] {
  const candidate = recording.environments.find(({ name }) => name === environment)
  if (!lead || !candidate) return []
  const asked = [lead, ...rest].find(({ answer }) => answer !== undefined)
  const commands = [
    ...(asked && asked !== lead ? [] : byRequest(lead, recording, candidate)),
    ...byRole(lead, environment),
  ]
  if (asked && asked !== lead) commands.push(...byRequest(asked, recording, candidate))
  return [...new Set(commands)].slice(0, MAX_COMMANDS)
}

function byRequest({ probe, answer }: Trouble, { requests }: Recording, { services }: Environment): string[] {
  const request = requests?.find((other) => other.probe === probe && other.name === answer)
  const baseUrl = request && services[request.role]?.baseUrl
  if (!request || !baseUrl) return []
  const method = request.method === 'GET' ? '' : request.method === 'HEAD' ? ' --head' : ` -X ${request.method}`
  return [`curl -i${method} ${quoted(`${baseUrl}${request.path}`)}`]
}

function byRole(trouble: Trouble, environment: string): string[] {
  const { role } = trouble
  if (role === undefined) return []
  const inside = (command: string) => `parity shell ${environment} ${role} -- ${command}`
  if (isVariable(trouble)) return [`${inside('cat /proc/1/environ')} | tr '\\0' '\\n' | grep ${nameOf(trouble)}`]
  return [LOOKS[trouble.family]?.(trouble, inside) ?? `parity logs ${environment} ${role}`]
}

const LOOKS: { [family: string]: (trouble: Trouble, inside: (command: string) => string) => string } = {
  process: (_, inside) => inside('cat /proc/1/status /proc/1/cmdline'),
  packages: (trouble, inside) =>
    inside(trouble.tokens[0] === 'node' ? `npm ls ${nameOf(trouble)}` : `python -m pip show ${nameOf(trouble)}`),
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
