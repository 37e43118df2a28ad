/**
 * Places where a value was missing or not the right one when the client was built: `undefined/api`, `https://undefined/x`,
 * `http://localhost:8000`. Bundlers fold
 * `${import.meta.env.API_BASE}/api` with no API_BASE into such a literal, minified or not.
 *
 * Ordinary code is full of `undefined`, `null` and `[object Object]` as literals of their own; only where one is part of
 * a URL or path is it taken for a missing value.
 */
import { load } from 'cheerio'

const MAX_SHOWN_LENGTH = 120
const VALUE = String.raw`(?:undefined|NaN|\[object Object\])`
const ROOT = String.raw`(?:(?:[a-z][a-z0-9+.-]*:)?\/\/|\.{0,2}\/)`
const QUOTE = '["\'`]'
const END = String.raw`["'\`]|\$\{`
/** Texts about types, `null/undefined`, are not paths. */
const NOT_A_TYPE = String.raw`(?!(?:undefined|null|NaN|string|number|boolean|object|function|array)\b)`

/** A string literal, from its opening quote on. A closing quote cannot be followed by any of these in a program. */
const SUSPECTS = [
  // undefined/api, undefined:8000/api, undefinedapi/
  `${QUOTE}(?:undefined[\\w.:-]*|NaN|null|\\[object Object\\])\\/${NOT_A_TYPE}[^"'\`\\s]*?(?:${END})`,
  // https://undefined/x, //undefined:8000
  `${QUOTE}(?:[a-z][a-z0-9+.-]*:)?\\/\\/(?:${VALUE}|null)(?=[:/.?#]|${END})`,
  // /api/undefined/items, ./undefined, /null/x; /dev/null is a file
  `${QUOTE}${ROOT}[\\w./~%@:-]*?(?<=\\/)(?:${VALUE}(?=[/?#]|${END})|null(?=\\/))`,
  // /api?key=undefined
  `${QUOTE}${ROOT}[^"'\`\\s]*[?&][\\w.-]+=${VALUE}(?=[&#]|${END})`,
  // http://localhost:8000/api: the machine of whoever built it, in the browser of whoever asks
  `${QUOTE}(?:http|ws)s?:\\/\\/(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1\\]):\\d+[^"'\`\\s]*?(?:${END})`,
].map((source) => new RegExp(source, 'g'))

const URL_ATTRIBUTES = ['href', 'src', 'action', 'formaction', 'poster', 'data', 'content', 'srcset']
/** `%VITE_TITLE%`, which Vite and others leave as it stands when there is no such variable. */
const PLACEHOLDER = /%[A-Z][A-Z0-9]*_[A-Z0-9_]+%/g

export function suspectsInScript(script: string): string[] {
  const found = SUSPECTS.flatMap((pattern) => [...script.matchAll(pattern)])
  return [...new Set(found.map(({ index }) => literalAt(script, index)))]
}

/** @param url as it stands in HTML or CSS */
export function suspectsInUrl(url: string): string[] {
  if (new RegExp(`^(?:${VALUE}|null)$`).test(url)) return [url]
  return suspectsInScript(`"${url}"`)
}

export function suspectsInHtml(html: string): string[] {
  const $ = load(html)
  const urls = URL_ATTRIBUTES.flatMap((name) =>
    $(`[${name}]`)
      .toArray()
      .map((element) => ($(element).attr(name) as string).trim()),
  )
  const scripts = $('script:not([src])')
    .toArray()
    .map((script) => $(script).text())
  return [...urls.flatMap(suspectsInUrl), ...scripts.flatMap(suspectsInScript), ...(html.match(PLACEHOLDER) ?? [])]
}

/** The literal up to its end or its first `${`: what follows there is a name that the minifier chose. */
function literalAt(script: string, openingQuote: number): string {
  const literal = script.slice(openingQuote + 1, openingQuote + 1 + MAX_SHOWN_LENGTH)
  const end = literal.search(/["'`]|\$\{/)
  return end < 0 ? `${literal}…` : literal.slice(0, end)
}
