/** Which differences a page shows with their values, so that it stays small: all of them stand in report.json. */
import type { Difference, Finding, Report } from '../../model.ts'

/** Longer values are cut. */
export const VALUE_CHARACTERS_AT_MOST = 6_000
const OF_ONE_ANSWER_AT_MOST = 40
const ALL_CHARACTERS_AT_MOST = 300_000
/** What markup adds to each. */
const MARKUP_CHARACTERS = 400

export interface Answer {
  probe: string
  /** Why nothing can be said of the whole answer. */
  reason?: string
  differences: Difference[]
  /** Differences of the finding in this answer that are not shown. */
  more: number
}

/** The answers of which each finding is made; those of the first findings go first when there are too many. */
export function shownAnswers(report: Report): Map<Finding, Answer[]> {
  let charactersLeft = ALL_CHARACTERS_AT_MOST
  const fits = (difference: Difference) => {
    charactersLeft -= sizeOf(difference)
    return charactersLeft >= 0
  }
  return new Map(
    report.findings.map((finding) => [
      finding,
      membersByProbe(finding).map(([probe, pointers]): Answer => {
        const result = report.results.find((each) => each.probe === probe && each.environment === finding.environment)
        const all = result?.differences.filter(({ pointer }) => pointers.has(pointer)) ?? []
        const differences = all.slice(0, OF_ONE_ANSWER_AT_MOST).filter(fits)
        return { probe, reason: result?.reason, differences, more: all.length - differences.length }
      }),
    ]),
  )
}

function membersByProbe({ members }: Finding): [probe: string, pointers: Set<string>][] {
  const groups = Map.groupBy(members, ({ probe }) => probe)
  return [...groups].map(([probe, group]) => [probe, new Set(group.map(({ pointer }) => pointer))])
}

function sizeOf({ reference, candidate }: Difference): number {
  const characters = (value: unknown) => Math.min(JSON.stringify(value)?.length ?? 0, VALUE_CHARACTERS_AT_MOST)
  return characters(reference) + characters(candidate) + MARKUP_CHARACTERS
}
