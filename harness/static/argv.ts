/** What a service runs: the environment's words in the place of the image's. */
import type { Declared } from './contract.ts'

export interface Running {
  /** Null when it is the base image's own, which stands in no file of the project. */
  argv: string[] | null
  form: 'exec' | 'shell'
  /** The image's ENTRYPOINT, which the environment replaces by another one. */
  replaced?: string[]
}

/** https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact; Kubernetes agrees. */
export function runningIn({ image, entrypoint, command }: Declared): Running {
  const stage = image.build?.stage
  const first = entrypoint ?? stage?.entrypoint?.argv ?? []
  // A new entrypoint takes the image's CMD away.
  const rest = command ?? (entrypoint ? [] : (stage?.command?.argv ?? []))
  const argv = [...first, ...rest]
  const shell =
    (entrypoint === undefined && stage?.entrypoint?.form === 'shell') ||
    (entrypoint === undefined && command === undefined && stage?.command?.form === 'shell') ||
    leavesItToAShell(argv)
  const own = stage?.entrypoint?.argv
  const replaced = own && entrypoint && entrypoint[0] !== own[0] ? own : undefined
  return { argv: argv.length ? argv : null, form: shell ? 'shell' : 'exec', ...(replaced && { replaced }) }
}

/** `sh -c "…"` without an exec: the shell stays, takes the signals and passes none on. */
function leavesItToAShell(argv: string[]): boolean {
  const at = argv.findIndex((word) => /(^|\/)(ba|da|a|z)?sh$/.test(word))
  const script = at >= 0 && at <= 1 && /^-\w*c$/.test(argv[at + 1] ?? '') ? argv[at + 2] : undefined
  return script !== undefined && !/(^|[;&|\n]\s*)exec\s[^;&|\n]*$/.test(script.trim())
}
