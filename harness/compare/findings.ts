/** Differences that have one cause, told once. Pure: from a recording and its results alone. */
import type { Difference, Finding, Recording, Result } from '../model.ts'
import { show } from './show.ts'

/** One finding for each result that keeps a run from passing. */
export function findingsOf({ reference }: Recording, results: Result[]): Finding[] {
  return results.flatMap((result): Finding[] => {
    const { probe, environment, verdict, basis } = result
    if (verdict !== 'different' && verdict !== 'unknown') return []
    const telling = result.differences.filter((difference) => difference.verdict === verdict)
    return [
      {
        id: idOf(`${environment}\n${probe}`),
        environment,
        verdict,
        ...(basis && { basis }),
        sentence: result.reason ?? sentenceOf(telling[0], { probe, reference, environment }),
        roles: [],
        places: [],
        look: [],
        members: telling.length ? telling.map(({ pointer }) => ({ probe, pointer })) : [{ probe, pointer: '' }],
      },
    ]
  })
}

function sentenceOf(
  difference: Difference | undefined,
  { probe, reference, environment }: { probe: string; reference: string; environment: string },
): string {
  if (!difference) return `${probe} is not the same in ${environment}`
  const { pointer } = difference
  return `${probe}${pointer} is ${show(difference.candidate)} in ${environment}, ${show(difference.reference)} in ${reference}`
}

/** FNV-1a: short, stable and pure; a collision would only give two findings of one run the same name. */
function idOf(text: string): string {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193) >>> 0
  return `F-${hash.toString(16).padStart(8, '0').slice(0, 6)}`
}
