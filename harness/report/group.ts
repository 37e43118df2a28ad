/** Differences with one reason, told once. */
import type { Difference, Report, Result } from '../model.ts'

export interface AcceptedGroup {
  probe: string
  environment: string
  reason: string
  differences: Difference[]
}

export function acceptedGroups(report: Report): AcceptedGroup[] {
  const groups = new Map<string, AcceptedGroup>()
  for (const { probe, environment, differences } of report.results) {
    for (const difference of differences.filter(({ verdict }) => verdict === 'accepted')) {
      const reason = difference.reason ?? ''
      const key = JSON.stringify([probe, environment, reason])
      const group = groups.get(key) ?? { probe, environment, reason, differences: [] }
      group.differences.push(difference)
      groups.set(key, group)
    }
  }
  return [...groups.values()]
}

/** What was seen and what was only read are told apart wherever results are listed. */
export function byBasis({ results }: Report): { seen: Result[]; read: Result[] } {
  return {
    seen: results.filter(({ basis }) => basis !== 'read'),
    read: results.filter(({ basis }) => basis === 'read'),
  }
}

/** Nothing was started for this report. */
export function isOnlyRead({ recording }: Report): boolean {
  return recording.observations.length > 0 && recording.observations.every(({ basis }) => basis === 'read')
}

/** The results that keep a run from passing, each with what is wrong in it. */
export function failures(report: Report): Result[] {
  return report.results
    .filter(({ verdict }) => verdict === 'different' || verdict === 'unknown')
    .map((result) => ({ ...result, differences: result.differences.filter(({ verdict }) => verdict !== 'accepted') }))
}
