/** Differences that have one cause, told once. Pure: from a recording and its results alone. */
import type { Finding, Recording, Result, Source } from '../model.ts'
import { joinCauses } from './findings/causes.ts'
import { grouped } from './findings/group.ts'
import { lookFor } from './findings/look.ts'
import { nameOf } from './findings/names.ts'
import { sentenceOf } from './findings/sentence.ts'
import { isVariable, rolesIn, type Trouble, troublesOf } from './findings/trouble.ts'

/** Of each environment, what differs before what cannot be told, and what is seen before what is only read. */
export function findingsOf(recording: Recording, results: Result[]): Finding[] {
  const environments = [...new Set(results.map(({ environment }) => environment))]
  return environments.flatMap((environment) => {
    const troubles = troublesOf(recording, results, environment)
    const apart = [
      troubles.filter(({ basis }) => basis === undefined),
      troubles.filter(({ basis }) => basis === 'read'),
    ]
    const findings = apart.flatMap((some) =>
      joinCauses(grouped(some)).map((group) => findingOf(group, recording, environment)),
    )
    return findings.toSorted((a, b) => weight(a) - weight(b))
  })
}

function findingOf(group: Trouble[], recording: Recording, environment: string): Finding {
  const [lead] = group as [Trouble, ...Trouble[]]
  const { reference, requests = [] } = recording
  return {
    id: idOf(`${environment}\n${lead.probe}\n${lead.pointer}`),
    environment,
    verdict: group.some(({ verdict }) => verdict === 'different') ? 'different' : 'unknown',
    ...(lead.basis && { basis: lead.basis }),
    sentence: sentenceOf(group, { reference, environment, requests }),
    roles: rolesIn(group),
    places: placesOf(group, recording, environment),
    look: lead.basis === 'read' ? [] : lookFor(group, recording, environment),
    members: group.map(({ probe, pointer }) => ({ probe, pointer })),
  }
}

/** Where the variables, the image, the command and so on of the most telling difference are written, on both sides. */
function placesOf([lead]: Trouble[], { sources, reference }: Recording, environment: string): Source[] {
  if (!lead || !sources) return []
  const things = isVariable(lead) ? [`env ${nameOf(lead)}`] : (WRITTEN_AS[lead.tokens[1] ?? ''] ?? [])
  const isIt = ({ role, what }: Source) =>
    (lead.role === undefined || role === lead.role) &&
    things.some((thing) => what === thing || what.startsWith(`${thing} `))
  return [environment, reference].flatMap((name) => (sources[name] ?? []).filter(isIt))
}

/** A fact of `process`, and what the project's files call that which gives it. */
const WRITTEN_AS: { [fact: string]: string[] } = {
  argv: ['command', 'image'],
  user: ['user', 'image'],
  listening: ['command', 'port'],
  directory: ['image'],
  limits: ['limit'],
  failing: ['health check'],
}

function weight({ verdict, basis }: Finding): number {
  return (verdict === 'different' ? 0 : 1) + (basis === 'read' ? 2 : 0)
}

/** FNV-1a: short, stable and pure; a collision would only give two findings of one run the same name. */
function idOf(text: string): string {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193) >>> 0
  return `F-${hash.toString(16).padStart(8, '0').slice(0, 6)}`
}
