/** Holds what was reported of a planted defect against what should be. Pure. */
import { findingsOf } from '../../harness/compare/findings.ts'
import { judge } from '../../harness/compare/judge.ts'
import type { AcceptedDifference, Finding, Recording, Verdict } from '../../harness/model.ts'
import type { Defect } from './defect.ts'

/** A line of the table. */
export interface Score {
  id: string
  title: string
  environment: string
  /** `cried wolf`: something was reported of a change that changes nothing. */
  behaviour: 'detected' | 'missed' | 'same' | 'cried wolf'
  /** `—`: no file says it in so many words. */
  reading: 'detected' | 'missed' | 'same' | 'cried wolf' | '—'
  /** The sentence that tells of the defect, or what was seen instead. */
  sentence: string
  findings: number
  /** Findings that are neither the expected one nor a consequence. */
  beside: string[]
  seconds: number
}

export type Reported = Pick<Score, 'behaviour' | 'sentence' | 'findings' | 'beside'>

export function scoreOf(defect: Defect, recording: Recording, accepted: AcceptedDifference[]): Reported {
  const judgement = judge(recording, accepted)
  const findings = findingsOf(recording, judgement.results)
  const faults = judgement.accepted.map(({ entry, problem }) => `${entry.probe}${entry.pointer} is ${problem}`)
  const others = findings
    .filter((finding) => !tells(finding, defect) && !isConsequence(finding, defect))
    .map(({ sentence }) => oneLine(sentence))
  // The same in two candidates is one: what they are held against has the defect.
  const count = new Set(findings.map(({ members: [lead] }) => `${lead?.probe}${lead?.pointer}`)).size

  if (defect.expect === 'same') {
    const wrong = [...others, ...faults]
    const behaviour = wrong.length ? 'cried wolf' : 'same'
    return { behaviour, sentence: wrong[0] ?? '', findings: count, beside: wrong }
  }
  if (!('probe' in defect.expect)) return scoreOfStart(defect, null)
  const telling = findings.filter((finding) => tells(finding, defect))
  const expected = telling.find(({ sentence }) => defect.finding?.test(sentence)) ?? telling[0]
  const isTold = expected && (defect.finding?.test(expected.sentence) ?? true)
  return {
    behaviour: isTold ? 'detected' : 'missed',
    sentence: oneLine((expected ?? findings[0])?.sentence ?? faults[0] ?? 'nothing was reported'),
    findings: count,
    beside: others,
  }
}

/** Of an environment that should not start; null: it did. */
export function scoreOfStart({ expect }: Defect, message: string | null): Reported {
  const expected = typeof expect === 'object' && ('start' in expect ? expect.start : expect.message)
  const isTold = message !== null && expected ? expected.test(message) : false
  const sentence = message === null ? 'it started' : oneLine(message)
  return { behaviour: isTold ? 'detected' : 'missed', sentence, findings: 1, beside: [] }
}

/** @param verdict on the files of the whole planted application; null: they were refused as they stand */
export function scoreOfReading({ expect, static: readable }: Defect, verdict: Verdict | null): Score['reading'] {
  const isTold = verdict === null || verdict === 'different'
  if (expect === 'same') return isTold ? 'cried wolf' : 'same'
  if (isTold) return 'detected'
  return readable === false ? '—' : 'missed'
}

function tells({ verdict, sentence, members }: Finding, { expect }: Defect): boolean {
  if (typeof expect !== 'object' || !('probe' in expect)) return false
  if (verdict === 'unknown') return expect.message?.test(sentence) ?? false
  return members.some(({ probe, pointer }) => probe === expect.probe && expect.pointer.test(pointer))
}

function isConsequence({ members }: Finding, { consequences }: Defect): boolean {
  return members.some(({ probe, pointer }) => consequences.some((place) => place.test(`${probe}${pointer}`)))
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
