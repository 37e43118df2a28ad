/** From a recording to verdicts. Pure: no I/O, no clock. */
import type {
  AcceptedDifference,
  AcceptedProblem,
  Difference,
  Json,
  Noise,
  Observation,
  Recording,
  Result,
  Service,
  Verdict,
} from '../model.ts'
import { movedReferences, movedSince, pins, speaksOf, standingNow } from './accepted.ts'
import { capturedOn, sameCaptured } from './captured.ts'
import { diff } from './diff.ts'
import { decide, type Sides } from './noise.ts'
import { sameService, withoutAddresses } from './normalise.ts'

export interface Judgement {
  verdict: Verdict
  results: Result[]
  accepted: AcceptedProblem[]
  summary: Record<Verdict, number>
}

const WORST_LAST: Verdict[] = ['same', 'accepted', 'unknown', 'different']

export function worst(verdicts: Verdict[]): Verdict {
  return WORST_LAST.findLast((verdict) => verdicts.includes(verdict)) ?? 'unknown'
}

/** A run in which all differences are accepted is `same`: that is what accepting means. Its results tell them apart. */
function verdictOfRun(verdicts: Verdict[]): Verdict {
  const verdict = worst(verdicts)
  return verdict === 'accepted' ? 'same' : verdict
}

/** Judges each probe in each candidate against the reference. A probe that is missing on a side is `unknown`. */
export function judge(recording: Recording, accepted: AcceptedDifference[]): Judgement {
  const { observations, environments, reference, date } = recording
  const probes = [...new Set(observations.map(({ probe }) => probe))]
  const candidates = [...new Set(environments.map(({ name }) => name))].filter((name) => name !== reference)
  const judged = probes.flatMap((probe) =>
    candidates.map((candidate) => judgeProbe(probe, candidate, recording, accepted)),
  )
  const results = judged.map(({ result }) => result)
  const overdue = accepted
    .filter(({ review }) => review < date)
    .map((entry) => ({ entry, problem: 'overdue' as const }))
  const problems = [...judged.flatMap(({ stale }) => stale), ...overdue]
  const summary: Record<Verdict, number> = { same: 0, accepted: 0, different: 0, unknown: 0 }
  for (const { verdict } of results) summary[verdict]++
  return {
    verdict: verdictOfRun([...results.map(({ verdict }) => verdict), ...problems.map(() => 'unknown' as const)]),
    results,
    accepted: problems.sort((a, b) => accepted.indexOf(a.entry) - accepted.indexOf(b.entry)),
    summary,
  }
}

/** Names of the probes by which a candidate differs: what a second look at it may tell to be noise. */
export function differingProbes(recording: Recording, accepted: AcceptedDifference[]): string[] {
  const { results } = judge(recording, accepted)
  return results
    .filter(({ differences }) => differences.some(({ verdict }) => verdict === 'different'))
    .map(({ probe }) => probe)
}

interface Judged {
  result: Result
  stale: AcceptedProblem[]
}

function judgeProbe(probe: string, candidate: string, recording: Recording, accepted: AcceptedDifference[]): Judged {
  const { reference } = recording
  const [references, candidates] = [
    observationsOf(recording, probe, reference),
    observationsOf(recording, probe, candidate),
  ]
  const [was, is] = [references[0], candidates[0]]
  const basis = (is ?? was)?.basis
  const blank = { probe, environment: candidate, differences: [], noise: [], ...(basis && { basis }) }
  const reason = whyUnknown(recording, candidate, references, candidates)
  if (reason !== undefined || !was || !is) {
    return { result: { ...blank, verdict: 'unknown', reason: reason ?? 'not observed' }, stale: [] }
  }

  const seenIn = (observation: Observation) =>
    withoutAddresses(observation.value, servicesSince(recording, observation))
  const first = references.map(seenIn)
  const second = candidates.filter(({ failure }) => failure === undefined).map(seenIn)
  const [ownServices, others] = [servicesSince(recording, was), servicesSince(recording, is)]
  const captured = capturedOn(first[0] as Json, second)
  const sides: Sides = {
    reference,
    candidate,
    isSameService: (a, b) => sameService(a, ownServices, b, others),
    isSameCaptured: (a, b) => sameCaptured(a, b, captured),
  }
  const noise: Noise[] = []
  const differences: Difference[] = []
  for (const parting of diff(first, second)) {
    const { pointer } = parting
    const decision = decide(parting, sides)
    const place = {
      pointer,
      ...given('reference', parting.references[0]),
      ...given('candidate', 'seen' in decision ? decision.seen : parting.candidates[0]),
    }
    if ('kind' in decision) noise.push({ ...place, ...decision })
    else differences.push({ ...place, verdict: decision.verdict, ...given('reason', decision.reason) })
  }
  const entries = accepted.filter((entry) => entry.probe === probe && entry.environment === candidate)
  return withAccepted(
    { ...blank, verdict: 'same', differences, noise },
    entries,
    recording,
    first[0] as Json,
    second[0] as Json,
  )
}

function withAccepted(
  result: Result,
  entries: AcceptedDifference[],
  { reference }: Recording,
  was: Json,
  is: Json,
): Judged {
  const used = new Set<AcceptedDifference>()
  const differences = result.differences.map((difference): Difference => {
    const spoken = entries.filter((entry) => speaksOf(entry, difference.pointer))
    const entry = spoken.find((entry) => pins(entry, difference))
    if (entry) {
      used.add(entry)
      return { ...difference, verdict: 'accepted', reason: entry.reason }
    }
    const moved = spoken.find(({ pattern }) => !pattern)
    return moved && difference.verdict === 'different'
      ? { ...difference, reason: movedSince(moved, difference, reference) }
      : difference
  })
  // Where more than the place has changed, or its value varies by itself, the entry cannot be told to be stale.
  const parted = differences.filter(({ verdict }) => verdict !== 'accepted')
  const isCovered = (entry: AcceptedDifference) =>
    parted.some(({ pointer }) => isApart(entry.pointer, pointer)) ||
    result.noise.some(({ pointer }) => speaksOf(entry, pointer) || isApart(entry.pointer, pointer))
  const unused = entries.filter((entry) => !used.has(entry) && !isCovered(entry))
  const moved = unused.flatMap((entry) =>
    movedReferences(entry, was, is)
      .filter(({ pointer }) => !differences.some((other) => other.pointer === pointer))
      .map((now): Difference => ({ ...now, verdict: 'different', reason: movedSince(entry, now, reference) })),
  )
  const all = [...differences, ...moved]
  return {
    result: { ...result, verdict: worst(['same', ...all.map(({ verdict }) => verdict)]), differences: all },
    stale: unused.map((entry) => ({ entry, problem: 'stale', ...given('now', standingNow(entry, was, is)) })),
  }
}

/** One above or below the other, but not the same place. */
function isApart(pointer: string, other: string): boolean {
  return pointer !== other && (pointer.startsWith(`${other}/`) || other.startsWith(`${pointer}/`))
}

/** In order of time, whatever order they come in; those without a time as they come. */
function observationsOf({ observations }: Recording, probe: string, environment: string): Observation[] {
  const key = ({ startedAt = '' }: Observation) => startedAt
  return observations
    .filter((observation) => observation.probe === probe && observation.environment === environment)
    .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/**
 * Those of an environment from an observation on. The one that went first comes last, and counts where two have had the
 * same address: it is the one that was there then.
 */
function servicesSince({ environments }: Recording, { environment, startedAt = '' }: Observation): Service[] {
  const own = environments.filter(({ name }) => name === environment)
  const former = own.flatMap(({ formerServices = [] }) => formerServices.filter(({ until }) => until >= startedAt))
  const now = own.flatMap(({ services }) => Object.values(services))
  return [...now, ...former.map(({ service }) => service).toReversed()]
}

/** A candidate that could not be asked a second time has been asked once. */
function whyUnknown(
  { casualties, reference }: Recording,
  candidate: string,
  references: Observation[],
  candidates: Observation[],
): string | undefined {
  const casualty = casualties.find(({ environment }) => environment === reference || environment === candidate)
  // Its last lines stand in the report once, not with each probe.
  if (casualty) return `in ${casualty.environment}, ${casualty.message.split('\n', 1)[0]}`
  if (references.length === 0) return `the probe did not run in ${reference}`
  if (candidates.length === 0) return `the probe did not run in ${candidate}`
  const failed = [...references, ...candidates.slice(0, 1)].find(({ failure }) => failure !== undefined)
  if (failed) return `the probe failed in ${failed.environment}: ${failed.failure}`
}

function given<Name extends string, T>(name: Name, value: T | undefined): { [key in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: T }
}
