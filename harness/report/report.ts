/** The content of report.json. */

import { findingsOf } from '../compare/findings.ts'
import type { Judgement } from '../compare/judge.ts'
import type { Environment, Recording, Report } from '../model.ts'

export function reportOf(recording: Recording, { verdict, results, accepted, summary }: Judgement): Report {
  return {
    schemaVersion: 1,
    verdict,
    reference: recording.reference,
    environments: firstStarts(recording).map(({ name, kind, readySeconds, buildSeconds, services }) => ({
      name,
      kind,
      readySeconds,
      buildSeconds,
      services: Object.values(services).map(({ role, image, imageId, provenance }) => ({
        role,
        image,
        imageId,
        provenance,
      })),
    })),
    results,
    findings: findingsOf(recording, results),
    accepted,
    summary,
    recording,
  }
}

/** The reference may have been started twice; it is one environment. */
function firstStarts({ environments }: Recording): Environment[] {
  return environments.filter(({ name }, at) => environments.findIndex((other) => other.name === name) === at)
}
