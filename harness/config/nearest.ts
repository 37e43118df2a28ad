/** What somebody meant who misspelt a name. */
import { distance } from 'fastest-levenshtein'

/** The known name that is close enough to be what was meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { candidate: string; edits: number } | undefined
  for (const candidate of known) {
    const edits =
      isAbbreviation(name, candidate) || isSwapped(name, candidate)
        ? 1
        : distance(name.toLowerCase(), candidate.toLowerCase())
    const tolerated = Math.min(3, Math.floor(Math.max(name.length, candidate.length) / 2))
    if (edits <= tolerated && (!best || edits < best.edits)) best = { candidate, edits }
  }
  return best?.candidate
}

/** `; did you mean "port"?`, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const candidate = nearest(name, known)
  return candidate === undefined ? '' : `; did you mean "${candidate}"?`
}

/** `readyTimeout` for `readyTimeoutSeconds`, `environment` for `env`. */
function isAbbreviation(name: string, candidate: string): boolean {
  const [short, long] = name.length < candidate.length ? [name, candidate] : [candidate, name]
  return short.length >= 3 && long.toLowerCase().startsWith(short.toLowerCase())
}

/** `wbe` for `web`: to swap two letters is one slip, though two edits. */
function isSwapped(name: string, candidate: string): boolean {
  const letters = (text: string) => [...text.toLowerCase()].sort().join('')
  return letters(name) === letters(candidate)
}
