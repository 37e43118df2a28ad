/** What stands for the parameters in a path: things that are there for reading, things of our own for changing. */
import type { Json } from '../../model.ts'
import type { Operation } from './document.ts'

const ID_NAMES = ['id', 'pk', 'uuid', 'slug']
/** Nothing has it: what is asked for it is not found, everywhere alike. */
const NO_SUCH_ID = '999999999'

/** The ids that answers have told, by the path of their collection. */
export class Created {
  readonly #found = new Map<string, string>()
  readonly #own = new Map<string, string>()

  /** @param body of the answer to a valid request */
  learn({ method, path }: Operation, body: Json | undefined): void {
    if (method === 'GET') remember(this.#found, path, firstOf(body))
    if (method === 'POST') remember(this.#own, path, body)
  }

  /** Nothing that was there before is changed or removed: it is what other questions are about. */
  idFor(collection: string, method: string): string {
    const known = method === 'GET' ? this.#found : this.#own
    return known.get(collection) ?? NO_SUCH_ID
  }
}

/** @param query values for the query string */
export function pathOf({ method, path }: Operation, created: Created, query: Record<string, unknown>): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, __, at: number) => created.idFor(path.slice(0, at), method))
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
  return search ? `${filled}?${search}` : filled
}

function remember(ids: Map<string, string>, path: string, thing: Json | undefined): void {
  if (typeof thing !== 'object' || thing === null || Array.isArray(thing)) return
  const name = ID_NAMES.find((candidate) => ['string', 'number'].includes(typeof thing[candidate]))
  if (name && !ids.has(path)) ids.set(path, String(thing[name]))
}

/** Of a list, or of the page of one. */
function firstOf(body: Json | undefined): Json | undefined {
  if (Array.isArray(body)) return body[0]
  if (typeof body !== 'object' || body === null) return undefined
  return Object.values(body).find(Array.isArray)?.[0]
}
