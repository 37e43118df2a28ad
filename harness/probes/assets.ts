/** Everything that served pages refer to: does it come, as what, how is it cached, and is a value missing in it? */
import { equal } from '../compare/json.ts'
import type { ParityFile } from '../config/schema.ts'
import type { Json, Probe } from '../model.ts'
import { assetKey } from './asset-key.ts'
import { type Fetched, type FetchOnce, fetchOnce } from './browse.ts'
import { ObservableError, observed, putUnique } from './error.ts'
import { mediaType } from './headers.ts'
import { importsOf, type Reference, referencesOfCss, referencesOfHtml } from './references.ts'
import { type Answer, headerOf } from './request.ts'
import { suspectsInHtml, suspectsInScript, suspectsInUrl } from './suspect.ts'
import { baseUrlOf, fillMembers } from './template.ts'

/** Modules that modules import are followed so far; what they import in turn is behind the first screen. */
const MAX_IMPORT_DEPTH = 2

export function assetsProbe(config: ParityFile): Probe | null {
  const { assets } = config
  if (!assets) return null
  return {
    name: 'assets',
    question: 'Does every file that its pages refer to come, and is no build-time value missing in them?',
    effect: 'reads',
    async observe(environment, signal) {
      const fetch = fetchOnce(() => fillMembers(config.http?.headers ?? {}, { environment }), signal)
      const pages: { [page: string]: Json } = {}
      for (const { role, path } of assets.pages) {
        const page = await observed(async () => {
          const url = new URL(baseUrlOf(role, environment) + path)
          return observePage(url, assets.maxAssets, fetch)
        })
        putUnique(pages, `${role} ${path}`, page)
      }
      return pages
    },
  }
}

interface Found extends Reference {
  /** How many imports lead here; 0 for what HTML and CSS refer to. */
  imports: number
}

async function observePage(url: URL, maxAssets: number, fetch: FetchOnce): Promise<Json> {
  const page = await fetch({ url, kind: 'page' })
  if (page instanceof ObservableError) throw page
  const html = page.body.toString()
  const assets: [key: string, value: Json][] = []
  const external = new Set<string>()
  const suspects = new Set(suspectsInHtml(html))
  const known = new Set<string>()
  let notFollowed = 0

  let wave = foundBehind(0, referencesOfHtml(html, url))
  while (wave.length > 0) {
    const fresh = wave.filter(({ url: { href, origin, pathname } }) => {
      if (origin !== url.origin) external.add(origin + pathname)
      if (origin !== url.origin || known.has(href)) return false
      known.add(href)
      return true
    })
    const followed = fresh.slice(0, Math.max(0, maxAssets - (known.size - fresh.length)))
    notFollowed += fresh.length - followed.length
    const answers = await Promise.all(followed.map(fetch))
    wave = followed.flatMap((found, index) => {
      const answer = answers[index] as Fetched
      // Bundles and development servers split modules differently: imported ones are listed when they do not come.
      if (found.imports === 0 || !isSound(answer)) assets.push([assetKey(found.url), comparable(answer)])
      for (const suspect of suspectsOf(found, answer)) suspects.add(suspect)
      return referencesIn(found, answer)
    })
  }
  return {
    status: page.status,
    type: mediaType(headerOf(page, 'content-type') ?? 'unknown'),
    assets: byKey(assets),
    external: [...external].sort(),
    suspect: [...suspects].sort(),
    ...(notFollowed > 0 && { notFollowed }),
  }
}

function comparable(answer: Fetched): Json {
  if (answer instanceof ObservableError) return { $error: answer.message }
  return {
    status: answer.status,
    type: mediaType(headerOf(answer, 'content-type') ?? 'unknown'),
    cacheControl: headerOf(answer, 'cache-control') ?? null,
    bytes: answer.body.length > 0 ? 'not empty' : 'empty',
  }
}

/** HTML in place of a file is a page for visitors, for example the fallback of a single-page application. */
function isSound(answer: Fetched): answer is Answer {
  if (answer instanceof ObservableError || answer.status !== 200) return false
  return !/^text\/html\b/i.test(headerOf(answer, 'content-type') ?? '')
}

function referencesIn({ kind, url, imports }: Found, answer: Fetched): Found[] {
  if (!isSound(answer)) return []
  if (kind === 'style') return foundBehind(imports, referencesOfCss(answer.body.toString(), url))
  if (kind !== 'module' || imports >= MAX_IMPORT_DEPTH) return []
  return foundBehind(imports, importsOf(answer.body.toString(), url))
}

function foundBehind(imports: number, references: Reference[]): Found[] {
  return references.map((reference) => ({ ...reference, imports: imports + (reference.isImport ? 1 : 0) }))
}

function suspectsOf({ kind, url }: Found, answer: Fetched): string[] {
  if (!isSound(answer)) return []
  if (kind === 'script' || kind === 'module') return suspectsInScript(answer.body.toString())
  if (kind !== 'style') return []
  return referencesOfCss(answer.body.toString(), url).flatMap(({ written }) => suspectsInUrl(written))
}

/** Two files with the same key are one entry where they answer alike. */
function byKey(assets: [key: string, value: Json][]): { [key: string]: Json } {
  const entries: { [key: string]: Json } = {}
  for (const [key, value] of assets.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    if (!Object.hasOwn(entries, key) || !equal(entries[key], value)) putUnique(entries, key, value)
  }
  return entries
}
