/** What is known of one thing that runs need. */
export interface Diagnosis {
  name: string
  /** `warn`: runs work, but not all of them, or not for long. */
  state: 'ok' | 'warn' | 'fail'
  found: string
  /** What to do; absent where all is well. */
  todo?: string
}

export function ok(name: string, found: string): Diagnosis {
  return { name, state: 'ok', found }
}

export function warn(name: string, found: string, todo: string): Diagnosis {
  return { name, state: 'warn', found, todo }
}

export function fail(name: string, found: string, todo: string): Diagnosis {
  return { name, state: 'fail', found, todo }
}

/** Whether a version such as `v2.26.1-4` is at least another one. */
export function isAtLeast(version: string, least: number[]): boolean {
  const numbers = (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number)
  for (const [index, wanted] of least.entries()) {
    const has = numbers[index] ?? 0
    if (has !== wanted) return has > wanted
  }
  return true
}
