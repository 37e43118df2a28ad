/** Differences with one reason, told once. */
import type { Difference, Finding, Report, Result } from '../model.ts'

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

export interface Place {
  probe: string
  pointer: string
  /** Absent where nothing can be said of the whole answer. */
  difference?: Difference
}

/** What a finding is made of, with the values. */
export function placesOf({ results }: Report, { environment, members }: Finding): Place[] {
  return members.map(({ probe, pointer }) => {
    const result = results.find((other) => other.probe === probe && other.environment === environment)
    const difference = result?.differences.find((other) => other.pointer === pointer && other.verdict !== 'accepted')
    return { probe, pointer, ...(difference && { difference }) }
  })
}
