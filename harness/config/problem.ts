/** What can be wrong with a configuration file, and where. */
import { relative } from 'node:path'

export interface Problem {
  /** Absolute path. */
  file: string
  /** Both count from 1. */
  line: number
  column: number
  /** `environments.production.services.web.port`; empty when it is about the file as a whole. */
  path: string
  message: string
}

/** Place in a configuration file: keys of maps and indices of lists. */
export type Path = readonly (string | number)[]

/** A problem that does not know yet on which line it stands. */
export interface Finding {
  path: Path
  message: string
  /** What the reader has to look at: the key itself or (default) its value. */
  part?: 'key' | 'value'
}

/** Everything that is wrong with a project's configuration, one line each. */
export class ConfigError extends Error {
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    const inOrder = withoutRepetitions(problems).sort(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
    )
    super(inOrder.map(inOneLine).join('\n'))
    this.name = 'ConfigError'
    this.problems = inOrder
  }
}

export function dotted(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}

function inOneLine({ file, line, column, path, message }: Problem): string {
  const fromHere = relative(process.cwd(), file)
  const shown = fromHere.startsWith('..') ? file : fromHere
  return `${shown}:${line}:${column}${path ? ` ${path}` : ''}: ${message}`
}

/** A mistake inside a YAML anchor is met once for each place that uses it, but it is one mistake. */
function withoutRepetitions(problems: Problem[]): Problem[] {
  const known = new Map<string, Problem>()
  for (const problem of problems) {
    const place = JSON.stringify([problem.file, problem.line, problem.column, problem.message])
    if (!known.has(place)) known.set(place, problem)
  }
  return [...known.values()]
}
