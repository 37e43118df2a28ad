/** The first place where an environment's life parts from the reference's. Pure. */
import { kindOf } from '../compare/kinds.ts'
import type { Finding, Json, Moment, Recording } from '../model.ts'

export interface Parting {
  /** Null where the reference shows no such moment. */
  referenceAtSeconds: number | null
  candidateAtSeconds: number
  text: string
  /** The finding that it belongs to; absent for a line of a log. */
  finding?: string
}

/** Lines that say of themselves that something went wrong. */
const TROUBLE = /\b(?:ERROR|CRITICAL|FATAL|PANIC|Traceback|[A-Z]\w*(?:Error|Exception))\b/
const WARNING = /\b(?:WARN|WARNING)\b/i

/** Undefined when nothing was found of the candidate: two healthy environments log differently too. */
export function partingOf(recording: Recording, findings: Finding[], candidate: string): Parting | undefined {
  const asked = firstFinding(recording, findings, candidate)
  if (!asked) return undefined
  const line = onlyHere(recording, candidate).find(({ text }) => TROUBLE.test(text))
  if (!line || line.atSeconds >= asked.candidateAtSeconds) return asked
  const text = `${line.role ?? candidate} logs what it does not in ${recording.reference}: ${line.text}`
  return { referenceAtSeconds: null, candidateAtSeconds: line.atSeconds, text }
}

/** Warnings and errors in the candidate's logs that no line of the same role in the reference resembles. */
export function onlyHere({ timelines, reference }: Recording, candidate: string): Moment[] {
  const key = ({ role, text }: Moment) => `${role}\n${likeness(text)}`
  const known = new Set((timelines?.[reference] ?? []).map(key))
  return (timelines?.[candidate] ?? []).filter(
    (moment) => moment.kind === 'log' && isTrouble(moment.text) && !known.has(key(moment)),
  )
}

export function isTrouble(text: string): boolean {
  return TROUBLE.test(text) || WARNING.test(text)
}

/** A line without its times, ids and numbers. */
function likeness(text: string): Json {
  return kindOf(text)
}

function firstFinding(recording: Recording, findings: Finding[], candidate: string): Parting | undefined {
  const partings = findings
    .filter(({ environment, basis }) => environment === candidate && basis !== 'read')
    .flatMap(({ id, members, sentence }) =>
      [...new Set(members.map(({ probe }) => probe))].flatMap((probe): Parting[] => {
        const candidateAtSeconds = askedAtSeconds(recording, probe, candidate)
        if (candidateAtSeconds === undefined) return []
        const referenceAtSeconds = askedAtSeconds(recording, probe, recording.reference) ?? null
        return [{ candidateAtSeconds, referenceAtSeconds, text: `${probe}: ${sentence}`, finding: id }]
      }),
    )
  return partings.sort((a, b) => a.candidateAtSeconds - b.candidateAtSeconds)[0]
}

/** Seconds since the environment's first command, as in its timeline. */
function askedAtSeconds(recording: Recording, probe: string, environment: string): number | undefined {
  const since = recording.environments.find(({ name }) => name === environment)?.startedAt
  const seen = recording.observations.find((each) => each.probe === probe && each.environment === environment)
  if (!since || !seen?.startedAt) return undefined
  return (new Date(seen.startedAt).getTime() - new Date(since).getTime()) / 1000
}
