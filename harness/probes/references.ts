/** What served HTML, CSS and scripts make a browser fetch. */
import { type CheerioAPI, load } from 'cheerio'
import { parse, walk } from 'css-tree'

export type Kind = 'page' | 'script' | 'module' | 'style' | 'image' | 'font' | 'other'

export interface Reference {
  url: URL
  kind: Kind
  /** As it stands in the text. */
  written: string
  /** Named by an `import` in a script. */
  isImport?: true
}

/** Relations of a link that make a browser fetch its target. */
const FETCHED_LINKS =
  '[rel~=stylesheet], [rel~=icon], [rel~=apple-touch-icon], [rel~=mask-icon], [rel~=manifest], [rel~=modulepreload], [rel~=preload], [rel~=prefetch]'
const SOURCES: [selector: string, attribute: string, kind: Kind][] = [
  ['script[src]:not([type=module])', 'src', 'script'],
  ['script[src][type=module]', 'src', 'module'],
  ['img[src], input[type=image][src], picture > source[src]', 'src', 'image'],
  ['video[poster]', 'poster', 'image'],
  ['svg image[href], svg use[href]', 'href', 'image'],
  ['video[src], audio[src], video > source[src], audio > source[src], track[src]', 'src', 'other'],
]

/** @param url of the page */
export function referencesOfHtml(html: string, url: URL): Reference[] {
  const $ = load(html)
  const base = resolved($('base[href]').attr('href') ?? '', url) ?? url
  const found: [reference: string | undefined, kind: Kind][] = [
    ...SOURCES.flatMap(([selector, attribute, kind]) =>
      attributes($, selector, attribute).map((value) => [value, kind] as [string, Kind]),
    ),
    ...linksOf($),
    ...[...attributes($, 'img[srcset], source[srcset]', 'srcset'), ...attributes($, 'link[imagesrcset]', 'imagesrcset')]
      .flatMap(candidatesOf)
      .map((candidate) => [candidate, 'image'] as [string, Kind]),
  ]
  const inHtml = found.flatMap(([reference, kind]) => referenceTo(reference, kind, base))
  const inStyles = $('style')
    .toArray()
    .flatMap((style) => referencesOfCss($(style).text(), base))
  const inAttributes = attributes($, '[style]', 'style').flatMap((style) =>
    referencesOfCss(style, base, 'declarationList'),
  )
  const inScripts = $('script[type=module]:not([src])')
    .toArray()
    .flatMap((script) => importsOf($(script).text(), base))
  return [...inHtml, ...inStyles, ...inAttributes, ...inScripts]
}

/** `url()` and `@import`. @param url of the style sheet */
export function referencesOfCss(css: string, url: URL, context = 'stylesheet'): Reference[] {
  const found: Reference[] = []
  walk(parse(css, { context, parseCustomProperty: true }), function (node) {
    const isImport = this.atrule?.name === 'import'
    if (node.type !== 'Url' && !(node.type === 'String' && isImport)) return
    const kind = isImport ? 'style' : this.atrule?.name === 'font-face' ? 'font' : 'image'
    found.push(...referenceTo(String(node.value), kind, url))
  })
  return found
}

/**
 * `import … from`, `export … from`, `import` and `import()` of a path; names of packages are not for a browser.
 * By pattern, not by parser: minified code is megabytes, and a path in these places is hardly anything else.
 */
const IMPORT = /\b(?:from|import)\s*\(?\s*(["'`])((?:\.{1,2})?\/[^"'`\s$]+)\1/g
/** Packages that a development server serves: not the project's code, and hundreds of files. */
const PACKAGES = '/node_modules/'

/** @param url of the module */
export function importsOf(script: string, url: URL): Reference[] {
  return [...script.matchAll(IMPORT)]
    .flatMap(([, , specifier]) => referenceTo(specifier, 'module', url))
    .filter(({ url }) => !url.pathname.includes(PACKAGES))
    .map((reference) => ({ ...reference, isImport: true as const }))
}

function linksOf($: CheerioAPI): [string | undefined, Kind][] {
  return $('link[href]')
    .filter(FETCHED_LINKS)
    .toArray()
    .map((link) => {
      const { rel = '', as = '', href } = link.attribs
      const relations = rel.toLowerCase().split(/\s+/)
      if (relations.includes('stylesheet') || as === 'style') return [href, 'style']
      if (relations.includes('modulepreload')) return [href, 'module']
      if (relations.some((relation) => relation.endsWith('icon')) || as === 'image') return [href, 'image']
      return [href, as === 'script' || as === 'font' ? as : 'other']
    })
}

function attributes($: CheerioAPI, selector: string, attribute: string): string[] {
  return $(selector)
    .toArray()
    .map((element) => $(element).attr(attribute) as string)
}

/** `small.png 1x, large.png 2x` */
function candidatesOf(srcset: string): string[] {
  return srcset.split(/,\s+/).map((candidate) => candidate.trim().split(/\s+/)[0] as string)
}

function referenceTo(reference: string | undefined, kind: Kind, base: URL): Reference[] {
  const isElsewhere = reference !== undefined && /^[^#]/.test(reference.trim())
  const url = isElsewhere ? resolved(reference.trim(), base) : undefined
  return url && /^https?:$/.test(url.protocol) ? [{ url, kind, written: reference as string }] : []
}

function resolved(reference: string, base: URL): URL | undefined {
  if (!URL.canParse(reference, base)) return undefined
  const url = new URL(reference, base)
  url.hash = ''
  return url
}
