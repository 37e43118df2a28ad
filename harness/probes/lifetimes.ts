/** Since when each process of a service lives, as inside/lifetimes.sh prints it. */
export interface Lifetime {
  /** Another one for each process that ever ran in the service. */
  key: string
  command: string
}

export function parseLifetimes(output: string): Lifetime[] {
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, key = '', command = ''] = /^(\S+ \S+) (.*)$/.exec(line) ?? []
      return { key, command: command.trim() }
    })
}

/** Whether a process that was there is gone, and another one runs the same command in its place. */
export function startedAnew(before: Lifetime[], after: Lifetime[]): boolean {
  const [then, now] = [before, after].map((lifetimes) => new Set(lifetimes.map(({ key }) => key)))
  const isNew = after.filter(({ key }) => !then?.has(key))
  return before.some(({ key, command }) => !now?.has(key) && isNew.some((other) => other.command === command))
}
