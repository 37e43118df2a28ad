/** Cookies: their flags are compared, their values are only carried along. */
import { type Cookie, parseSetCookie } from 'set-cookie-parser'
import type { Json } from '../model.ts'
import type { Answer } from './request.ts'

/** Name to flags, as RFC 6265 (bis) calls them. `removed` marks a cookie that the answer takes away. */
export function cookieFlags(answer: Answer): { [name: string]: Json } {
  const cookies = cookiesOf(answer).sort((a, b) => (a.name < b.name ? -1 : 1))
  return Object.fromEntries(
    cookies.map((cookie) => [
      cookie.name,
      {
        flags: {
          Domain: cookie.domain ?? null,
          HttpOnly: cookie.httpOnly ?? false,
          Path: cookie.path ?? null,
          SameSite: cookie.sameSite ?? null,
          Secure: cookie.secure ?? false,
          persistent: cookie.expires !== undefined || cookie.maxAge !== undefined,
          ...(isRemoval(cookie) && { removed: true }),
        },
      },
    ]),
  )
}

/** Which of the cookies that an answer sets may travel over TLS alone. */
export function secureCookies(answer: Answer): { [name: string]: boolean } {
  return Object.fromEntries(cookiesOf(answer).map(({ name, secure = false }) => [name, secure]))
}

/**
 * Cookies kept along a journey, by origin. Looser than a browser on purpose: Path, Domain and Secure do not keep a
 * cookie back, for they are compared as flags, and one difference there should not fail every later step.
 */
export class CookieJar {
  readonly #origins = new Map<string, Map<string, string>>()

  keep(url: string, answer: Answer): void {
    const cookies = this.#of(url)
    for (const cookie of cookiesOf(answer)) {
      if (isRemoval(cookie)) cookies.delete(cookie.name)
      else cookies.set(cookie.name, cookie.value)
    }
  }

  get(url: string, name: string): string | undefined {
    return this.#of(url).get(name)
  }

  /** The value of the `cookie` header, undefined when there is none to send. */
  header(url: string): string | undefined {
    const pairs = [...this.#of(url)].map(([name, value]) => `${name}=${value}`)
    return pairs.length > 0 ? pairs.join('; ') : undefined
  }

  #of(url: string): Map<string, string> {
    const { origin } = new URL(url)
    const cookies = this.#origins.get(origin) ?? new Map<string, string>()
    this.#origins.set(origin, cookies)
    return cookies
  }
}

function cookiesOf({ headers }: Answer): Cookie[] {
  return parseSetCookie(headers['set-cookie'] ?? [], { decodeValues: false, split: false })
}

function isRemoval({ maxAge, expires }: Cookie): boolean {
  return maxAge !== undefined ? maxAge <= 0 : expires?.getTime() === 0
}
