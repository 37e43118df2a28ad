import { beforeAll, expect, test } from 'vitest'
import { interruption } from '../../harness/cli/exit.ts'
import { type Judgement, judge } from '../../harness/compare/judge.ts'
import { loadConfig } from '../../harness/config/load.ts'
import type { Defect } from './defect.ts'
import { application, plant, recordingOf, type Seen, see } from './plant.ts'

/** Declares the tests of some defects, behind one that shows that nothing is reported without them. To be awaited. */
export async function reportsDefects(defects: Defect[]): Promise<void> {
  const config = await loadConfig(application)
  const interrupted = interruption()
  let healthy: Seen

  beforeAll(async () => {
    // Where a planted environment does not start there is nothing to hold beside a healthy one.
    const asked = defects.filter(({ probes }) => probes.length)
    const environments = new Set([config.settings.reference, ...asked.map(({ environment }) => environment)])
    const probes = new Set(asked.flatMap(({ probes }) => probes))
    healthy = await see(config, [...environments], [...probes], interrupted)
  })

  test('without a defect nothing differs', () => {
    expect(findings(judge(recordingOf(config, healthy), config.accepted))).toEqual([])
  })

  for (const defect of defects) {
    test(`${defect.class} ${defect.title}: ${outcome(defect)}`, async ({ signal }) => {
      const planted = plant(defect, healthy, AbortSignal.any([signal, interrupted]))
      if (defect.expect === 'same') {
        expect(findings(await planted)).toEqual([])
      } else if ('start' in defect.expect) {
        await expect(planted).rejects.toThrow(defect.expect.start)
      } else {
        const { probe, pointer } = defect.expect
        const { verdict, results } = await planted
        const differences = results.filter((result) => result.probe === probe).flatMap(({ differences }) => differences)
        const reported = differences.filter(({ verdict }) => verdict === 'different').map(({ pointer }) => pointer)
        expect(verdict).toBe('different')
        expect(reported).toContainEqual(expect.stringMatching(pointer))
      }
    })
  }
}

function outcome({ expect, environment }: Defect): string {
  if (expect === 'same') return 'nothing differs'
  return 'start' in expect ? `${environment} does not start` : `reported at ${expect.probe}`
}

/** Everything that keeps a verdict from being `same` or `accepted`. */
function findings({ results, accepted }: Judgement): string[] {
  return [
    ...results.flatMap(({ probe, environment, reason, differences }) => [
      ...(reason ? [`${probe} in ${environment}: ${reason}`] : []),
      ...differences
        .filter(({ verdict }) => verdict !== 'accepted')
        .map(({ verdict, pointer }) => `${probe} in ${environment}: ${pointer} is ${verdict}`),
    ]),
    ...accepted.map(({ entry, problem }) => `${entry.probe} in ${entry.environment}: ${entry.pointer} is ${problem}`),
  ]
}
