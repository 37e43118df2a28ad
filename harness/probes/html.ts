/** An HTML page by what a visitor and a browser get from it: texts, forms, links, and the files it refers to. */
import { type CheerioAPI, load } from 'cheerio'
import type { Json } from '../model.ts'
import { referenceKey } from './asset-key.ts'
import { boundedLines } from './bounds.ts'

const MAX_LINKS = 200
const HEADINGS = 'h1, h2, h3, h4, h5, h6'
const INVISIBLE = 'script, style, template, noscript, [hidden]'
/** Elements that do not begin a new line. */
const INLINE = new Set(
  'a abbr b bdi bdo cite code data del dfn em i img ins kbd label mark q s samp small span strong sub sup time u var'.split(
    ' ',
  ),
)

type Node = ReturnType<ReturnType<CheerioAPI>['contents']>[number]

/** @param status of the answer */
export function comparableHtml(html: string, status: number): Json {
  const $ = load(html)
  return {
    title: oneLine($('title').first().text()),
    headings: $(HEADINGS)
      .toArray()
      .map((heading) => `${heading.tagName} ${oneLine($(heading).text())}`),
    text: boundedLines(visibleLines($), status),
    forms: $('form')
      .toArray()
      .map((form) => ({
        action: $(form).attr('action') ?? null,
        method: ($(form).attr('method') ?? 'get').toLowerCase(),
        fields: fieldsOf($, form),
      })),
    links: references($, 'a[href]', 'href').slice(0, MAX_LINKS),
    meta: metaOf($),
    scripts: references($, 'script[src]', 'src').map(referenceKey),
    stylesheets: references($, 'link[rel~=stylesheet][href]', 'href').map(referenceKey),
  }
}

/** What a page says that it is: its first heading, else its title. */
export function headingOf(html: string): string {
  const $ = load(html)
  return oneLine($(HEADINGS).first().text() || $('title').first().text())
}

/** Text as it would stand on the screen, one line for each block, without empty ones. */
function visibleLines($: CheerioAPI): string[] {
  const text: string[] = []
  const walk = (node: Node, isVerbatim: boolean) => {
    if (node.type === 'text') text.push(isVerbatim ? node.data : node.data.replace(/\s+/g, ' '))
    if (node.type !== 'tag' || $(node).is(INVISIBLE)) return
    const isBlock = !INLINE.has(node.name)
    if (isBlock) text.push('\n')
    for (const child of node.children) walk(child, isVerbatim || node.name === 'pre')
    if (isBlock) text.push('\n')
  }
  for (const node of $('body').contents()) walk(node, false)
  return text.join('').split('\n').map(oneLine).filter(Boolean)
}

/** Name to type of what a form sends. */
function fieldsOf($: CheerioAPI, form: Node): Json {
  const fields = $(form)
    .find('input[name], select[name], textarea[name], button[name]')
    .toArray()
    .map((field) => {
      const type = field.tagName === 'input' ? ($(field).attr('type') ?? 'text').toLowerCase() : field.tagName
      return [$(field).attr('name') as string, type] as const
    })
  return Object.fromEntries(fields)
}

function metaOf($: CheerioAPI): Json {
  const found: [string, string][] = []
  for (const meta of $('meta')) {
    const { name, property, charset, content = '', 'http-equiv': header } = meta.attribs
    if (charset) found.push(['charset', charset.toLowerCase()])
    const key = name ?? property ?? header
    if (key) found.push([key.toLowerCase(), oneLine(content)])
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function references($: CheerioAPI, selector: string, attribute: string): string[] {
  const found = $(selector)
    .toArray()
    .map((element) => ($(element).attr(attribute) as string).trim())
  return [...new Set(found)].sort()
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
