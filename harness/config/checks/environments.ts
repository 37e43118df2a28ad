/** The environments of parity.yaml, each with the rules of its kind. */
import { rulesOf, type Section, type SpecRules } from '../../environments/rules/index.ts'
import type { Finding } from '../problem.ts'
import type { EnvironmentSpec } from '../schema.ts'
import type { Subject } from './index.ts'

export interface EnvironmentSubject {
  name: string
  section: Section<EnvironmentSpec>
  rules: SpecRules<EnvironmentSpec>
}

export function environmentsOf({ directory, settings, written }: Subject): EnvironmentSubject[] {
  return Object.entries(settings.environments).map(([name, spec]) => ({
    name,
    section: { spec, at: ['environments', name], directory, written },
    rules: rulesOf(spec),
  }))
}

export function* checkEnvironments(subject: Subject): Generator<Finding> {
  for (const { rules, section } of environmentsOf(subject)) yield* rules.findings(section)
}
