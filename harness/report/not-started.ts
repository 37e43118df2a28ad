/** The report of a run in which an environment could not be started: nothing was asked, so nothing can be told. */
import { judge } from '../compare/judge.ts'
import type { Recording, Report } from '../model.ts'
import { reportOf } from './report.ts'

export function reportOfFailedStart(
  { project, reference }: Pick<Recording, 'project' | 'reference'>,
  failure: { environment: string; message: string },
): Report {
  const recording: Recording = {
    project,
    reference,
    date: new Date().toISOString().slice(0, 10),
    environments: [],
    observations: [],
    casualties: [],
    notAsked: [],
    failures: [failure],
  }
  return reportOf(recording, judge(recording, []))
}
