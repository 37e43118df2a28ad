/** What one role leaves where others look for it, and whether they find it: the same answer for files and for caches. */
import { randomBytes } from 'node:crypto'
import { isError } from '../compare/json.ts'
import type { Environment, Json, Role, Service } from '../model.ts'
import { observed } from './error.ts'
import { find } from './inside.ts'

export interface Place {
  /** Leaves a value under a name that nothing else has. */
  leave(service: Service, name: string, value: string): Promise<unknown>
  /** What stands under each name: null when nothing does, an object of such answers where there are several places. */
  look(service: Service, names: string[]): Promise<Json[]>
  /** Takes it away again, where it does not go by itself. */
  remove?(service: Service, name: string): Promise<unknown>
}

/** From each role to each, itself included, as it asks in a process of its own: `{ "web to worker": "found" }`. */
export async function exchange(environment: Environment, asked: Role[], place: Place): Promise<Json> {
  const roles = [...new Set(asked)].sort()
  const items = roles.map((from) => ({ from, name: `parity-${token()}`, value: `left-${token()}` }))
  const failures = await Promise.all(
    items.map(({ from, name, value }) =>
      observed(async () => {
        await place.leave(find(environment, from), name, value)
        return null
      }),
    ),
  )
  const names = items.map(({ name }) => name)
  const seen = await Promise.all(roles.map((to) => observed(() => place.look(find(environment, to), names))))
  await Promise.all(items.map(({ from, name }) => removed(environment, from, name, place)))
  return Object.fromEntries(
    items.flatMap((item, at) =>
      roles.map((to, reader) => {
        const found = seen[reader] as Json
        const answer = failures[at] ?? (isError(found) ? found : ((found as Json[])[at] ?? null))
        return [`${item.from} to ${to}`, inWords(answer, items, item.value)]
      }),
    ),
  )
}

/** That it could not be left has been told. */
async function removed(environment: Environment, from: Role, name: string, place: Place) {
  await observed(async () => {
    await place.remove?.(find(environment, from), name)
    return null
  })
}

function token(): string {
  return randomBytes(6).toString('hex')
}

/** Without names and values that are new each time. */
function inWords(answer: Json, items: { name: string; value: string }[], expected: string): Json {
  if (answer === null) return 'not there'
  if (typeof answer === 'string') {
    if (answer.trim() === expected) return 'found'
    return items.reduce((text, { name, value }) => text.replaceAll(name, '<name>').replaceAll(value, '<value>'), answer)
  }
  if (typeof answer !== 'object' || Array.isArray(answer)) return answer
  return Object.fromEntries(Object.entries(answer).map(([key, member]) => [key, inWords(member, items, expected)]))
}
