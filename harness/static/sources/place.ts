/** Lines of one file as sources of a role. */
import { relative } from 'node:path'
import type { Role, Source } from '../../model.ts'

export interface Placing {
  /** The folder of parity.yaml. */
  directory: string
  isSecret: (variable: string) => boolean
}

/** @param file absolute */
export function place(
  { directory, isSecret }: Placing,
  role: Role,
  what: string,
  { file, line, text }: { file: string; line: number; text: string },
): Source {
  return { role, what, file: relative(directory, file), line, text: withoutSecrets(text, what, isSecret).trim() }
}

/** The value of a secret is no help to who looks for the line. */
function withoutSecrets(text: string, what: string, isSecret: Placing['isSecret']): string {
  const name = what.startsWith('env ') ? what.slice('env '.length) : ''
  const own = isSecret(name) ? text.replace(new RegExp(`(\\b${name}["']?(?:\\s*[:=]\\s*|\\s+)).+$`), '$1…') : text
  return own.replace(/([\w.-]+)(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,}]+)/g, (whole, key: string, between: string) =>
    isSecret(key) ? `${key}${between}…` : whole,
  )
}
