/** The rules of every kind of environment. */
import type { EnvironmentSpec } from '../../config/schema.ts'
import { compose } from './compose.ts'
import { containers } from './containers.ts'
import { kubernetes } from './kubernetes.ts'
import type { SpecRules } from './rules.ts'

export type { NamedFile, Section, SpecRules, Template } from './rules.ts'

type Kind = EnvironmentSpec['kind']

const rules: { [K in Kind]: SpecRules<Extract<EnvironmentSpec, { kind: K }>> } = {
  compose,
  containers,
  kind: kubernetes,
  cluster: kubernetes,
}

export function rulesOf(spec: EnvironmentSpec): SpecRules<EnvironmentSpec> {
  return rules[spec.kind] as SpecRules<EnvironmentSpec>
}
