/** Fetching a page's files as a browser does: several at once, each once, with the headers that servers choose by. */
import { ObservableError } from './error.ts'
import { lowerCased } from './message.ts'
import type { Kind, Reference } from './references.ts'
import { type Answer, send } from './request.ts'

const REQUESTS_AT_ONCE = 8

/** What browsers send. Vite's development server, for one, answers a style sheet as CSS or as a script by these. */
const HEADERS: Record<Kind, Record<string, string>> = {
  page: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-dest': 'document' },
  script: { accept: '*/*', 'sec-fetch-dest': 'script' },
  module: { accept: '*/*', 'sec-fetch-dest': 'script' },
  style: { accept: 'text/css,*/*;q=0.1', 'sec-fetch-dest': 'style' },
  image: { accept: 'image/*,*/*;q=0.8', 'sec-fetch-dest': 'image' },
  font: { accept: '*/*', 'sec-fetch-dest': 'font' },
  other: { accept: '*/*', 'sec-fetch-dest': 'empty' },
}

export type Fetched = Answer | ObservableError
export type FetchOnce = (reference: Pick<Reference, 'url' | 'kind'>) => Promise<Fetched>

/** @param common headers that are sent with every request */
export function fetchOnce(common: () => Record<string, string>, signal: AbortSignal): FetchOnce {
  const fetched = new Map<string, Promise<Fetched>>()
  // One request after the other in each.
  const lanes: Promise<unknown>[] = Array.from({ length: REQUESTS_AT_ONCE }, () => Promise.resolve())

  const get = async ({ url, kind }: Pick<Reference, 'url' | 'kind'>): Promise<Fetched> => {
    try {
      const headers = { ...lowerCased(common()), ...HEADERS[kind] }
      return await send({ method: 'GET', url: url.href, headers }, { signal, decompress: true })
    } catch (error) {
      if (error instanceof ObservableError) return error
      throw error
    }
  }
  return (reference) => {
    const key = `${reference.kind} ${reference.url.href}`
    const known = fetched.get(key)
    if (known) return known
    const lane = fetched.size % REQUESTS_AT_ONCE
    const answer = (lanes[lane] as Promise<unknown>).then(() => get(reference))
    lanes[lane] = answer.catch(() => {})
    fetched.set(key, answer)
    return answer
  }
}
