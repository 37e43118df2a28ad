/** One name for a file whether or not the build put a hash of its content into the name. */

/**
 * `base.3f2a9c1b7d04.css`, as Django, webpack and others write it: without the hash it is the name of the source file.
 */
const DOTTED_HASH = /\.[0-9a-f]{8,64}(?=\.[a-z0-9.]+$)/i
/**
 * `index-BxY12_ab.js`, as Rollup, Vite and esbuild write it. Words such as `picker-polyfill.js` look alike, so there
 * must be a digit, a capital or an underscore, and not digits alone, which would be a date or a number.
 */
const DASHED_HASH = /-(?=[^./]*[A-Z0-9_])(?!\d+\.)([A-Za-z0-9_-]{8}|[0-9a-f]{9,64})(?=\.[a-z0-9.]+$)/
/** Parameters that stand for a version of the same file. */
const VERSION_PARAMETER = /^(?:v|ver|version|t|h|hash|[0-9a-f]{6,64})$/i

/** @param url of the service itself; the key is its path, and its query where that chooses between files. */
export function assetKey(url: URL): string {
  const path = decoded(url.pathname)
  const name = DOTTED_HASH.test(path) ? path.replace(DOTTED_HASH, '') : path.replace(DASHED_HASH, '-<hash>')
  const query = [...url.searchParams].filter(([parameter]) => !VERSION_PARAMETER.test(parameter))
  return query.length > 0 ? `${name}?${query.map(([key, value]) => (value ? `${key}=${value}` : key)).join('&')}` : name
}

/** A reference as it stands in a page: a key where it is a path, the URL itself where it leads elsewhere. */
export function referenceKey(reference: string): string {
  const nowhere = 'http://parity.invalid'
  if (!reference.startsWith('/') || reference.startsWith('//')) return reference
  return URL.canParse(reference, nowhere) ? assetKey(new URL(reference, nowhere)) : reference
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
