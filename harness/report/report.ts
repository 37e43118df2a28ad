/** The content of report.json. */

import { findingsOf } from '../compare/findings.ts'
import type { Judgement } from '../compare/judge.ts'
import type { Recording, Report } from '../model.ts'

export function reportOf(recording: Recording, { verdict, results, accepted, summary }: Judgement): Report {
  return {
    schemaVersion: 1,
    verdict,
    reference: recording.reference,
    environments: recording.environments.map(({ name, kind, readySeconds, buildSeconds, services }) => ({
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
