/** Errors that are observations: what was asked met them, and they stand in the place of the answer. */
import type { Json } from '../model.ts'

/** The message must read the same in every environment: no ports, no addresses, no times. */
export class ObservableError extends Error {
  override readonly name = 'ObservableError'
}

/** The answer, or the error that was met in its place. Other errors are faults of the harness and are thrown. */
export async function observed(ask: () => Promise<Json>): Promise<Json> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ObservableError) return { $error: error.message }
    throw error
  }
}

/** Sets a member under a name that is not taken yet: a second `list` becomes `list (2)`. */
export function putUnique(object: { [key: string]: Json }, name: string, value: Json): void {
  let free = name
  for (let count = 2; Object.hasOwn(object, free); count++) free = `${name} (${count})`
  object[free] = value
}
