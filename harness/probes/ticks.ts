/** From the times at which beat's tasks reached the workers to how often each was sent when it was due. */

/** What inside/beat.py says of each entry. */
export type Entries = {
  [entry: string]: { sends: string; enabled: boolean; everySeconds: number | null; overdue: boolean }
}

/** Times in seconds, by what was sent. */
export type Ticks = { [sends: string]: number[] }

/** Listening for longer by itself would take more of a run than it tells. */
const LONGEST_INTERVAL_SECONDS = 15
/** Within which share of an interval two ticks belong to the same moment of being due. */
const SAME_DUE = 0.75
/** From this many intervals on, the mean tells more than any single pause between two ticks. */
const INTERVALS_FOR_A_MEAN = 4

/** How long to listen; 0 for not at all. */
export function windowSeconds(entries: Entries, wanted: number | undefined): number {
  if (wanted !== undefined) return wanted
  const shortest = Math.min(
    ...Object.values(entries).flatMap(({ enabled, everySeconds }) => (enabled && everySeconds ? [everySeconds] : [])),
  )
  return shortest <= LONGEST_INTERVAL_SECONDS ? 2 * shortest : 0
}

/** 1 where one scheduler is at work; null for an entry that is due too seldom to be counted in this window. */
export function ticksPerDue(times: number[], everySeconds: number | null, windowSeconds: number): number | null {
  if (everySeconds === null || everySeconds * 2 > windowSeconds) return null
  if (everySeconds * INTERVALS_FOR_A_MEAN <= windowSeconds)
    return Math.round((times.length * everySeconds) / windowSeconds)
  return Math.max(0, ...times.map((from) => together(times, from, everySeconds)))
}

function together(times: number[], from: number, everySeconds: number): number {
  return times.filter((time) => time >= from && time < from + everySeconds * SAME_DUE).length
}
