/** What differs, in which role, since which event, and what follows from it: one sentence. */
import type { AskedRequest } from '../../model.ts'
import { equal, isError } from '../json.ts'
import { show } from '../show.ts'
import { nameOf } from './names.ts'
import { renamed } from './renamed.ts'
import { direction, isAddedByPlatform, isVariable, lacksRole, rolesIn, type Trouble } from './trouble.ts'
import { listed, what } from './what.ts'

export interface Names {
  reference: string
  environment: string
  requests: AskedRequest[]
}

/** @param group the most telling one first */
export function sentenceOf(group: Trouble[], names: Names): string {
  const [lead] = group as [Trouble, ...Trouble[]]
  const core = group.filter((other) => isCore(lead, other))
  const rest = group.filter((other) => !core.includes(other))
  return `${tell(lead, core, names)}${consequences(lead, rest)}`
}

/** What the first clause speaks of: the same place in other roles, and its siblings. */
function isCore(lead: Trouble, other: Trouble): boolean {
  if (other === lead) return true
  if (other.isWhole || lead.isWhole) return lead.isWhole && other.reason === lead.reason
  if (lacksRole(lead)) return lacksRole(other)
  if (lead.probe !== other.probe || lead.answer !== other.answer) return false
  if (lead.answer !== undefined) return lead.pointer === other.pointer
  if (equal(lead.shape, other.shape)) return true
  return isVariable(lead) ? isVariable(other) : lead.family === 'packages' || parentOf(lead) === parentOf(other)
}

function parentOf({ shape }: Trouble): string {
  return shape.slice(0, -1).join('\n')
}

function tell(lead: Trouble, core: Trouble[], names: Names): string {
  const { environment, reference, requests } = names
  if (lead.isWhole)
    return `nothing can be said of ${listed([...new Set(core.map(({ probe }) => probe))], 6)} in ${environment}: ${lead.reason}`
  if (lacksRole(lead)) {
    const [roles, probes] = [core.flatMap(({ role }) => role ?? []), core.map(({ probe }) => probe)].map((all) => [
      ...new Set(all),
    ])
    return `${environment} has no ${listed(roles as string[])}, which ${reference} has (${listed(probes as string[], 6)})`
  }
  const pairs = renamed(core)
  if (pairs[0]) {
    const [lacking, instead] = pairs[0]
    const others = [...new Set(pairs.map(([from, to]) => `${nameOf(to)} for ${nameOf(from)}`))].slice(1)
    const more = others.length ? `, and ${listed(others, 6)}` : ''
    return `${listed(rolesIn(pairs.flat())) || 'a role'}: ${environment} gives ${nameOf(instead)} where ${reference} gives ${nameOf(lacking)} (${show(lacking.reference, 60)})${more}; ${others.length ? 'some of these names are' : 'one of the names is'} probably wrong`
  }
  if (isAddedByPlatform(lead)) {
    const names = [...new Set(core.map(nameOf))]
    const [adding, other] = direction(lead) === 'adds' ? [environment, reference] : [reference, environment]
    return `${listed(rolesIn(core))}: the platform of ${adding} adds variables with the addresses of services, which ${other} does not have (${listed(names, 3)}); enableServiceLinks: false in the pods' template leaves them out`
  }
  const same = core.filter((other) => equal(other.shape, lead.shape))
  const siblings = [...new Set(core.filter((other) => !same.includes(other)).map(nameOfPlace))]
  const more = siblings.length ? `, and so it is with ${listed(siblings, 6)}` : ''
  return `${what(lead, lead.answer === undefined ? rolesIn(same) : [], requests)} ${values(lead, names)}${more}${lead.reason ? ` (${lead.reason})` : ''}`
}

function nameOfPlace(trouble: Trouble): string {
  return isVariable(trouble) || trouble.shape.includes('installed')
    ? nameOf(trouble)
    : (trouble.tokens.at(-1) ?? trouble.probe)
}

function values(trouble: Trouble, { environment, reference }: Names): string {
  const { reference: was, candidate: is } = trouble
  if (isError(is) && equal(is, was)) return `fails on both sides: ${is.$error}`
  if (isError(is))
    return `fails in ${environment}: ${is.$error}${was === undefined ? '' : `; ${reference} has ${show(was, 80)}`}`
  if (isError(was)) return `fails in ${reference}: ${was.$error}; ${environment} has ${show(is, 80)}`
  if (trouble.verdict === 'unknown') return `is ${show(is, 80)} in ${environment}, ${show(was, 80)} in ${reference}`
  switch (direction(trouble)) {
    case 'lacks':
      return `is missing in ${environment}; ${reference} has ${show(was, 80)}`
    case 'adds':
      return `is only in ${environment}: ${show(is, 80)}`
    case 'changed':
      return equal(was, is)
        ? `is ${show(is, 80)} on both sides`
        : `is ${show(is, 80)} in ${environment}, ${show(was, 80)} in ${reference}`
  }
}

/** Named by probe, so that a long list of them stays one line. */
function consequences(lead: Trouble, rest: Trouble[]): string {
  if (rest.length === 0) return ''
  const probes = [...new Set(rest.map(({ probe }) => probe))]
  const told = probes.map((probe) => {
    const troubles = rest.filter((trouble) => trouble.probe === probe)
    const answers = [...new Set(troubles.flatMap(({ answer }) => answer ?? []))].filter(
      (answer) => probe !== lead.probe || answer !== lead.answer,
    )
    const [first] = answers
    if (first !== undefined && probe.startsWith('journey/')) return `${probe} from "${first}" on`
    if (answers.length)
      return `${probe} (${listed(
        answers.map((answer) => `"${answer}"`),
        3,
      )})`
    return probe === lead.probe
      ? undefined
      : `${probe} (${troubles.length} ${troubles.length === 1 ? 'place' : 'places'})`
  })
  const list = told.filter((text) => text !== undefined)
  return list.length ? `; it also shows in ${listed(list, 5)}` : ''
}
