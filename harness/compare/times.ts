/** Moments in texts: in which forms they are written, and whether two of them can be the same event in two runs. */

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const ZONE = '(?:Z|GMT|UTC| ?[+-]\\d\\d:?\\d\\d)'

/** A date without a time of day is not among them: it is the same all day, and tells when it is not. */
export const TIME_PATTERNS = [
  // ISO 8601
  new RegExp(`\\b\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?(?: ?${ZONE})?`, 'g'),
  // RFC 9110 (headers), RFC 5322 (mail), asctime
  new RegExp(`\\b${DAY}, \\d{1,2}[ -]${MONTH}[ -]\\d{2,4} \\d\\d:\\d\\d:\\d\\d(?: ${ZONE})?`, 'g'),
  new RegExp(`\\b${DAY} ${MONTH} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?: UTC)? \\d{4}\\b`, 'g'),
  // Common log format
  new RegExp(`\\b\\d\\d/${MONTH}/\\d{4}:\\d\\d:\\d\\d:\\d\\d(?: ${ZONE})?`, 'g'),
  // As Django's templates and browsers write it: Nov. 25, 2026, 7:16 p.m.
  new RegExp(
    `\\b${MONTH}[a-z]*\\.? \\d{1,2}, \\d{4},? (?:at )?(?:\\d{1,2}(?::\\d\\d){0,2}(?: ?[ap]\\.?m\\.?)?|noon|midnight)`,
    'gi',
  ),
  // Relative: 3 minutes ago, just now
  /\b(?:\d+|an?)[ \u00a0](?:second|minute|hour)s?(?:, \d+[ \u00a0](?:second|minute)s?)? ago\b|\bjust now\b/g,
]

const ISO = /\b(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?/g
const MAX_APART_SECONDS = 2 * 24 * 3600
const QUARTER_SECONDS = 900

/** `2026-11-24T01:02:03Z` and `2026-11-24 01:02:03.004` are not the same kind of time, but fractions may be absent. */
export function timeForm(time: string): string {
  if (/ago$|now$/.test(time)) return 'ago'
  return time
    .replace(/\b(?:\d{1,2}(?::\d\d){0,2} ?[ap]\.?m\.?|noon|midnight)$/i, '9:99 m')
    .replace(/[.,]\d+/, '.9')
    .replace(/(:\d\d:\d\d)(?![.,\d])/, '$1.9')
    .replace(/[A-Z][a-z]{2,8}\.?/g, 'Mmm')
    .replace(/\d+/g, '9')
    .replace(/[+-](?=9(?::9)?$)/, '±')
}

/**
 * Times that both runs have written as they went, or counted from then on (`in 14 days`), are seconds or minutes apart.
 * Those that are years apart are data that is not the same, and those that are hours apart to the second are one time
 * on two clocks. Only ISO 8601 and seconds (or milliseconds) since 1970 are read; other forms are taken as they are.
 */
export function sameMoments(a: string | number, b: string | number): boolean {
  const [of, others] = [momentsOf(a), momentsOf(b)]
  return of.length === others.length && of.every((moment, at) => isNear(moment, others[at] as number))
}

function isNear(a: number, b: number): boolean {
  const apart = Math.abs(a - b)
  return apart < MAX_APART_SECONDS && (apart === 0 || apart % QUARTER_SECONDS !== 0)
}

/** In seconds, whatever the zone: both sides are written in the same one, or are of different forms. */
function momentsOf(value: string | number): number[] {
  if (typeof value === 'number') return [value > 1e11 ? value / 1000 : value]
  return [...value.matchAll(ISO)].map(([, ...parts]) => {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
      .slice(0, 6)
      .map((part) => Number(part ?? 0))
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 + Number(`0.${parts[6] ?? 0}`)
  })
}
