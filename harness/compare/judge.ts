/** From a recording to verdicts. Pure: no I/O, no clock. */
import type {
  AcceptedDifference,
  AcceptedProblem,
  Difference,
  Environment,
  Json,
  Noise,
  Observation,
  Recording,
  Result,
  Verdict,
} from '../model.ts'
import { entryFor, problemsOf } from './accepted.ts'
import { diff, type Parting, sharedErrors } from './diff.ts'
import { equal, isError, mapStrings } from './json.ts'
import { kindOf, masked, sameService, withoutAddresses } from './normalise.ts'

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
  const { observations, environments } = recording
  const probes = [...new Set(observations.map(({ probe }) => probe))]
  const candidates = environments.filter(({ name }) => name !== recording.reference)
  const reference = environments.find(({ name }) => name === recording.reference)
  const used = new Set<AcceptedDifference>()
  const results = probes.flatMap((probe) =>
    candidates.map((candidate) => judgeProbe(probe, reference, candidate, recording, accepted, used)),
  )
  const told = new Set(
    results.filter(({ reason }) => !reason).map(({ probe, environment }) => `${environment}\n${probe}`),
  )
  const problems = problemsOf(
    accepted,
    used,
    ({ probe, environment }) => told.has(`${environment}\n${probe}`),
    recording.date,
  )
  const summary: Record<Verdict, number> = { same: 0, accepted: 0, different: 0, unknown: 0 }
  for (const { verdict } of results) summary[verdict]++
  return {
    verdict: verdictOfRun([...results.map(({ verdict }) => verdict), ...problems.map(() => 'unknown' as const)]),
    results,
    accepted: problems,
    summary,
  }
}

function judgeProbe(
  probe: string,
  reference: Environment | undefined,
  candidate: Environment,
  recording: Recording,
  accepted: AcceptedDifference[],
  used: Set<AcceptedDifference>,
): Result {
  const seenIn = (name: string | undefined) =>
    recording.observations.filter((observation) => observation.probe === probe && observation.environment === name)
  const [first, second] = seenIn(reference?.name)
  const [seen] = seenIn(candidate.name)
  const basis = (seen ?? first)?.basis
  const blank = { probe, environment: candidate.name, differences: [], noise: [], ...(basis && { basis }) }
  const reason = whyUnknown(first, seen, recording, [recording.reference, candidate.name])
  if (reason || !reference || !first || !seen) return { ...blank, verdict: 'unknown', reason: reason ?? 'not observed' }

  const plain = (observation: Observation, environment: Environment) => withoutAddresses(observation.value, environment)
  const [was, is] = [plain(first, reference), plain(seen, candidate)]
  const varying = second && second.failure === undefined ? diff(was, plain(second, reference)) : []
  const noise: Noise[] = []
  const differences: Difference[] = []
  for (const parting of diff(was, is)) {
    const kind = noiseKind(parting, varying, reference, candidate)
    if (kind) {
      noise.push({ ...parting, kind })
      continue
    }
    const entry = entryFor(parting, probe, candidate.name, accepted)
    if (entry) used.add(entry)
    differences.push(
      entry ? { ...parting, verdict: 'accepted', reason: entry.reason } : { ...parting, verdict: 'different' },
    )
  }
  for (const parting of sharedErrors(was, is)) {
    differences.push({
      ...parting,
      verdict: 'unknown',
      reason: 'both sides met the same error, so nothing can be said',
    })
  }
  return { ...blank, verdict: worst(['same', ...differences.map(({ verdict }) => verdict)]), differences, noise }
}

function whyUnknown(
  reference: Observation | undefined,
  candidate: Observation | undefined,
  recording: Recording,
  environments: string[],
): string | undefined {
  const casualty = recording.casualties.find(({ environment }) => environments.includes(environment))
  // Its last lines stand in the report once, not with each probe.
  if (casualty) return `in ${casualty.environment}, ${casualty.message.split('\n', 1)[0]}`
  for (const [observation, name] of [
    [reference, environments[0]],
    [candidate, environments[1]],
  ] as const) {
    if (!observation) return `the probe did not run in ${name}`
    if (observation.failure !== undefined) return `the probe failed in ${name}: ${observation.failure}`
  }
}

/** Why two values that differ say nothing, or undefined when they do say something. */
function noiseKind(
  { pointer, reference, candidate }: Parting,
  varying: Parting[],
  referenceEnvironment: Environment,
  candidateEnvironment: Environment,
): string | undefined {
  if (isError(reference) || isError(candidate)) return undefined
  if (sameService(reference, referenceEnvironment, candidate, candidateEnvironment)) return 'name of the same service'
  if (reference === undefined || candidate === undefined) return undefined
  const mask = (value: Json) => mapStrings(value, masked)
  if (equal(mask(reference), mask(candidate))) return 'new each time, of the same kind on both sides'
  const varies = varying.some((other) => within(pointer, other.pointer) || within(other.pointer, pointer))
  if (varies && equal(kindOf(reference), kindOf(candidate)))
    return 'varies in the reference itself, same kind on both sides'
}

/** Whether a pointer stands at or below another. */
function within(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(`${ancestor}/`)
}
