/**
 * Pages as visitors come to them: over plain HTTP, and over TLS that has ended at a proxy in front of the deployment. A
 * server that does not believe the proxy takes every visitor for one over plain HTTP: it redirects them for ever, writes
 * links that lead out of TLS, and refuses their forms.
 */
import type { Json } from '../model.ts'
import { CookieJar, secureCookies } from './cookies.ts'
import { observed } from './error.ts'
import { type Form, postForms } from './form.ts'
import { mediaType } from './headers.ts'
import { headingOf } from './html.ts'
import { type Answer, headerOf, type Message, send } from './request.ts'

interface Way {
  scheme: 'http' | 'https'
  /** Behind the names of answers. */
  suffix: string
  headers: Record<string, string>
}

const PLAIN: Way = { scheme: 'http', suffix: '', headers: {} }
export const BEHIND_TLS: Way = { scheme: 'https', suffix: ', behind TLS', headers: { 'x-forwarded-proto': 'https' } }

/**
 * What a page is behind TLS, and what comes of its forms, either way.
 * @param name of the page in the report
 */
export async function visit(
  name: string,
  page: Message,
  { sendForms, signal }: { sendForms: boolean; signal: AbortSignal },
): Promise<{ [name: string]: Json }> {
  const answers: { [name: string]: Json } = {}
  for (const way of [PLAIN, BEHIND_TLS]) {
    const message = { ...page, headers: { ...page.headers, ...way.headers } }
    const jar = new CookieJar()
    const found: Form[] = []
    const seen = await observed(async () => {
      const answer = await send(message, { signal, decompress: true })
      jar.keep(page.url, answer)
      if (sendForms && isPage(answer)) found.push(...(await postForms(answer.body.toString(), page.url, hostOf(page))))
      return schemesIn(answer, page)
    })
    if (way === BEHIND_TLS) answers[name + way.suffix] = seen
    for (const [index, form] of found.entries()) {
      const which = found.length > 1 ? `form ${index + 1}` : 'form'
      const sent = () => submitted(form, message, way, jar, signal)
      answers[`${which} of ${name}${way.suffix}`] = await observed(sent)
    }
  }
  return answers
}

function isPage(answer: Answer): boolean {
  return answer.status < 400 && mediaType(headerOf(answer, 'content-type') ?? '').startsWith('text/html')
}

/** What of an answer depends on whether the server believes that the visitor came over TLS. */
function schemesIn(answer: Answer, page: Message): Json {
  const location = headerOf(answer, 'location')
  return {
    status: answer.status,
    ...(location !== undefined && { location, redirectsToItself: leadsTo(page, location) }),
    secureCookies: secureCookies(answer),
    strictTransportSecurity: headerOf(answer, 'strict-transport-security') ?? null,
    // An error page that shows them is for developers.
    ...(answer.status < 400 && { ownUrls: ownSchemes(answer, page) }),
  }
}

/** Whether a visitor over TLS who follows the redirect asks for the same once more. */
function leadsTo(page: Message, location: string): boolean {
  const asked = new URL(page.url)
  const here = `https://${hostOf(page)}${asked.pathname}${asked.search}`
  return URL.parse(location, here)?.href === new URL(here).href
}

/** Schemes of the whole URLs that the server writes for itself. */
function ownSchemes({ body }: Answer, page: Message): string[] {
  const hosts = [hostOf(page), new URL(page.url).host].map((host) => host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const found = body.toString().matchAll(new RegExp(`\\b(https?)://(?:${hosts.join('|')})(?![\\w.-])`, 'gi'))
  return [...new Set([...found].map(([, scheme]) => (scheme as string).toLowerCase()))].sort()
}

/** The form sent unchanged, as a browser on that page would. */
async function submitted(form: Form, page: Message, way: Way, jar: CookieJar, signal: AbortSignal): Promise<Json> {
  const origin = `${way.scheme}://${hostOf(page)}`
  const { pathname, search } = new URL(page.url)
  const cookies = [page.headers.cookie, jar.header(page.url)].filter((each) => each !== undefined)
  const message: Message = {
    method: 'POST',
    url: new URL(form.path, page.url).href,
    headers: {
      ...page.headers,
      'content-type': form.contentType,
      origin,
      referer: origin + pathname + search,
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    },
    body: form.body,
  }
  const answer = await send(message, { signal, decompress: true })
  const location = headerOf(answer, 'location')
  const heading = headingOf(answer.body.toString())
  return { status: answer.status, ...(location !== undefined && { location }), heading }
}

/** The host that the server is asked under. */
function hostOf({ url, headers }: Message): string {
  return headers.host ?? new URL(url).host
}
