/** How the place of a difference is called. */
import type { AskedRequest } from '../../model.ts'
import { isError } from '../json.ts'
import { nameOf } from './names.ts'
import { isVariable, type Trouble } from './trouble.ts'

const PROCESS_WORDS: { [fact: string]: string } = {
  argv: 'the command',
  user: 'the user',
  directory: 'the working directory',
  listening: 'what it listens on,',
  wrappers: 'what stands before the command',
}

/** @param roles all roles in which it is the same */
export function what(trouble: Trouble, roles: string[], requests: AskedRequest[]): string {
  const { family, probe, tokens, shape, answer } = trouble
  const of = roles.length ? ` of ${listed(roles)}` : ''
  if (answer !== undefined) return ofAnswer(trouble, requests)
  if (isVariable(trouble)) return `variable ${nameOf(trouble)}${of}`
  if (shape.includes('installed')) return `package ${nameOf(trouble)}${of}`
  if (family === 'settings' && tokens.length > 1)
    return `setting ${tokens
      .slice(tokens[0] === 'settings' ? 1 : 0)
      .filter((token) => token !== 'rolesDiffer')
      .join('.')}`
  if (family === 'process' && tokens.length > 1) {
    const fact = PROCESS_WORDS[tokens[1] as string] ?? tokens.slice(1).join(' ')
    return `${fact}${tokens.length > 2 && PROCESS_WORDS[tokens[1] as string] ? ` (${tokens.slice(2).join(' ')})` : ''}${of}`
  }
  const place = shape.filter((token) => token !== '*').join(' › ')
  return `${eventOf(probe) ?? probe}${place ? `: ${place}` : ''}${of}`
}

function eventOf(probe: string): string | undefined {
  return probe.startsWith('event/') ? `after event ${probe.slice('event/'.length)}` : undefined
}

function ofAnswer({ probe, answer, tokens, candidate, reference }: Trouble, requests: AskedRequest[]): string {
  const request = requests.find((other) => other.probe === probe && other.name === answer)
  const asked = request ? `${request.method} ${request.path} of ${request.role}` : undefined
  const [family, ...journey] = probe.split('/')
  const name =
    family === 'journey'
      ? `step "${answer}" of journey ${journey.join('/')}`
      : `"${answer}"${family === 'http' ? '' : ` (${probe})`}`
  const full = asked ? `${name} (${asked})` : name
  const [part, ...rest] = tokens.slice(1)
  if (part === undefined || isError(candidate) || isError(reference)) return full
  if (part === 'status') return `the status of ${full}`
  if (part === 'headers') return `header ${rest.join(' ')} of ${full}`
  if (part === 'cookies') return `cookie ${rest.join(' ')} of ${full}`
  return `${[part, ...rest].join(' › ')} of ${full}`
}

/** `web, worker and beat` */
export function listed(names: string[], most = 4): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
