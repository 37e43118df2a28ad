/** Differences that the project has looked at and wants. */
import type { AcceptedDifference, AcceptedProblem, Json } from '../model.ts'
import type { Parting } from './diff.ts'
import { equal, mapStrings } from './json.ts'
import { masked } from './normalise.ts'

/** The entry that pins both sides of a difference as they are now, if there is one. */
export function entryFor(
  parting: Parting,
  probe: string,
  environment: string,
  accepted: AcceptedDifference[],
): AcceptedDifference | undefined {
  return accepted.find(
    (entry) =>
      entry.probe === probe &&
      entry.environment === environment &&
      entry.pointer === parting.pointer &&
      pinned(entry.reference, parting.reference) &&
      pinned(entry.candidate, parting.candidate),
  )
}

/**
 * Entries that fail the run: those past their review date, and those of a probe that was asked but met nothing.
 * @param date today, ISO 8601
 */
export function problemsOf(
  accepted: AcceptedDifference[],
  used: Set<AcceptedDifference>,
  asked: (entry: AcceptedDifference) => boolean,
  date: string,
): AcceptedProblem[] {
  return accepted.flatMap((entry) => [
    ...(asked(entry) && !used.has(entry) ? [{ entry, problem: 'stale' as const }] : []),
    ...(entry.review < date ? [{ entry, problem: 'overdue' as const }] : []),
  ])
}

function pinned(entry: Json | undefined, seen: Json | undefined): boolean {
  if (entry === undefined || seen === undefined) return entry === seen
  return equal(mapStrings(entry, masked), mapStrings(seen, masked))
}
