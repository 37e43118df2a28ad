import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equal } from '../../harness/compare/json.ts'
import { judge } from '../../harness/compare/judge.ts'
import type { AcceptedDifference, Json, Recording } from '../../harness/model.ts'
import { environment, observation, recording, service } from './recording.ts'

const judgeOne = (input: Recording, accepted: AcceptedDifference[] = []) => {
  const judgement = judge(input, accepted)
  return { ...judgement, result: judgement.results[0] }
}
const entry = (changes: Partial<AcceptedDifference> = {}): AcceptedDifference => ({
  probe: 'question',
  environment: 'development',
  pointer: '/debug',
  reference: false,
  candidate: true,
  reason: 'development shows tracebacks',
  review: '2027-01-01',
  ...changes,
})

describe('a value', () => {
  test('that is equal everywhere is the same', () => {
    expect(judgeOne(recording({ a: [1] }, { a: [1] }, { a: [1] })).verdict).toBe('same')
  })

  test('that differs is a difference with its pointer and both values', () => {
    const { verdict, result } = judgeOne(
      recording({ 'a/b': { 'c~d': 1 } }, { 'a/b': { 'c~d': 1 } }, { 'a/b': { 'c~d': 2 } }),
    )
    expect(verdict).toBe('different')
    expect(result?.differences).toEqual([{ pointer: '/a~1b/c~0d', reference: 1, candidate: 2, verdict: 'different' }])
  })

  test('that is absent on one side has no value there, not null', () => {
    const { result } = judgeOne(recording({}, {}, { constructor: null }))
    expect(result?.differences).toEqual([{ pointer: '/constructor', candidate: null, verdict: 'different' }])
  })

  test('that was added in front of a list is one difference, not one for each item behind it', () => {
    const { result } = judgeOne(recording(['a', 'b', 'c'], ['a', 'b', 'c'], ['z', 'a', 'b', 'c']))
    expect(result?.differences).toHaveLength(1)
  })
})

describe('noise', () => {
  test('a time that is new each time is noise, and is listed', () => {
    const { result } = judgeOne(
      recording({ at: '2026-01-01T00:00:00.123Z' }, { at: '2026-01-01T00:00:09Z' }, { at: '2026-01-01T00:10:00.5Z' }),
    )
    expect(result).toMatchObject({ verdict: 'same', noise: [{ pointer: '/at' }] })
  })

  test('how something was seen is listed where it differs, and what was seen is still compared', () => {
    const seen = (how: string, debug: boolean) => ({ seenIn: { $remark: how }, debug })
    const live = seen('live process', false)
    expect(judgeOne(recording(live, live, seen('fresh process', false))).result).toMatchObject({
      verdict: 'same',
      noise: [{ pointer: '/seenIn', kind: 'remark' }],
    })
    expect(judgeOne(recording(live, live, seen('fresh process', true))).result).toMatchObject({
      verdict: 'different',
      differences: [{ pointer: '/debug' }],
    })
  })

  test('a time in another format is a difference', () => {
    const { verdict } = judgeOne(
      recording({ at: '2026-01-01T00:00:00Z' }, { at: '2026-01-01T00:00:09Z' }, { at: '2026-01-01 00:10:00' }),
    )
    expect(verdict).toBe('different')
  })

  test('a UUID on one side and an integer on the other is a difference', () => {
    const { verdict } = judgeOne(
      recording(
        { id: 'b3b0a2a0-7d3b-4b5b-9b0a-0a0b0c0d0e0f' },
        { id: 'c3b0a2a0-7d3b-4b5b-9b0a-0a0b0c0d0e0f' },
        { id: 7 },
      ),
    )
    expect(verdict).toBe('different')
  })

  test('a number that grows in the reference itself may have any value of its kind', () => {
    expect(judgeOne(recording({ id: 7 }, { id: 8 }, { id: 12 })).verdict).toBe('same')
    expect(judgeOne(recording({ id: 7 }, { id: 8 }, { id: 'seven' })).verdict).toBe('different')
    expect(judgeOne(recording({ id: 7 }, { id: 7 }, { id: 12 })).verdict).toBe('different')
  })

  test('an address of the same service is the same under each name', () => {
    const input = recording(
      { broker: 'redis://cache:6379/0', host: 'database', next: 'http://127.0.0.1:41000/?page=2' },
      { broker: 'redis://cache:6379/0', host: 'database', next: 'http://127.0.0.1:41000/?page=2' },
      { broker: 'redis://redis:6379/0', host: 'db', next: 'http://127.0.0.1:42000/?page=2' },
    )
    input.environments = [
      environment('production', [
        service('cache'),
        service('database'),
        service('web', { baseUrl: 'http://127.0.0.1:41000' }),
      ]),
      environment('development', [
        service('cache', { aliases: ['redis'] }),
        service('database', { aliases: ['db'] }),
        service('web', { baseUrl: 'http://127.0.0.1:42000' }),
      ]),
    ]
    expect(judgeOne(input).verdict).toBe('same')
  })

  test('what was seen before a service was replaced has the addresses that it had then', () => {
    const old = (port: number) => service('web', { baseUrl: `http://localhost:${port}`, aliases: [`172.18.0.${port}`] })
    const replaced = environment('development', [old(3), service('client', { aliases: ['172.18.0.2'] })])
    replaced.formerServices = [{ service: old(2), until: '2026-06-01T00:00:05Z' }]
    const seen = (port: number) => ({ next: `http://localhost:${port}/?page=2`, peer: `172.18.0.${port}` })
    const judgedAt = (startedAt: string, port: number) =>
      judgeOne(
        recording(null, null, null, {
          environments: [environment('production', [old(1)]), replaced],
          observations: [observation('production', seen(1)), observation('development', seen(port), { startedAt })],
        }),
      ).verdict
    expect(judgedAt('2026-06-01T00:00:00Z', 2)).toBe('same')
    expect(judgedAt('2026-06-01T00:00:09Z', 3)).toBe('same')
    expect(judgedAt('2026-06-01T00:00:09Z', 2)).toBe('different')
  })

  test('a word that happens to be the name of a service stays what it is', () => {
    const input = recording({ role: 'database' }, { role: 'database' }, { role: 'cache' })
    input.environments = [
      environment('production', [service('database')]),
      environment('development', [service('cache')]),
    ]
    expect(judgeOne(input).verdict).toBe('different')
  })
})

describe('what cannot be told', () => {
  test('the same error on both sides is unknown, never the same', () => {
    const { verdict, result } = judgeOne(
      recording({ login: { $error: 'refused' } }, { login: { $error: 'refused' } }, { login: { $error: 'refused' } }),
    )
    expect(verdict).toBe('unknown')
    expect(result?.differences).toMatchObject([{ pointer: '/login', verdict: 'unknown' }])
  })

  test('an error on one side only is a difference', () => {
    expect(judgeOne(recording({ login: 200 }, { login: 200 }, { login: { $error: 'refused' } })).verdict).toBe(
      'different',
    )
  })

  test('a probe that failed on either side is unknown, with the reason', () => {
    const failed = recording(1, 1, 1)
    failed.observations[2] = observation('development', null, { failure: 'no such service' })
    expect(judgeOne(failed).result).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('no such service'),
    })
  })

  test('a probe that did not run in an environment is unknown', () => {
    const missing = recording(1, 1, 1)
    missing.observations.pop()
    expect(judgeOne(missing).verdict).toBe('unknown')
  })

  test('nothing is believed of an environment that lost a service', () => {
    const casualties = [{ environment: 'production', role: 'database', message: 'database exited with code 0' }]
    expect(judgeOne(recording(1, 1, 1, { casualties })).verdict).toBe('unknown')
    expect(judgeOne(recording(1, 1, 2, { casualties })).verdict).toBe('unknown')
  })

  test('nothing asked is not the same', () => {
    expect(judge(recording(1, 1, 1, { observations: [] }), []).verdict).toBe('unknown')
  })
})

describe('an accepted difference', () => {
  const debug = recording({ debug: false }, { debug: false }, { debug: true })

  test('is accepted while both values are the pinned ones', () => {
    expect(judgeOne(debug, [entry()])).toMatchObject({ verdict: 'same', result: { verdict: 'accepted' }, accepted: [] })
  })

  test('is a difference again when either value moves, and the entry is stale', () => {
    for (const moved of [entry({ candidate: 'yes' }), entry({ reference: null })]) {
      expect(judgeOne(debug, [moved])).toMatchObject({ verdict: 'different', accepted: [{ problem: 'stale' }] })
    }
  })

  test('that is gone fails the run', () => {
    const gone = recording({ debug: false }, { debug: false }, { debug: false })
    expect(judgeOne(gone, [entry()])).toMatchObject({ verdict: 'unknown', accepted: [{ problem: 'stale' }] })
  })

  test('says what was accepted and what is there now', () => {
    const { result, accepted } = judgeOne(debug, [entry({ candidate: 'yes' })])
    expect(result?.differences).toMatchObject([
      { verdict: 'different', reason: 'was accepted as "yes" (production false), is now true (production false)' },
    ])
    expect(accepted).toMatchObject([{ problem: 'stale', now: { reference: false, candidate: true } }])
  })

  test('is a difference when the reference becomes like the candidate: nobody has looked at that', () => {
    const both = recording({ debug: true }, { debug: true }, { debug: true })
    expect(judgeOne(both, [entry()])).toMatchObject({
      verdict: 'different',
      result: {
        verdict: 'different',
        differences: [
          {
            pointer: '/debug',
            reference: true,
            candidate: true,
            reason: 'was accepted as true (production false), is now true (production true)',
          },
        ],
      },
      accepted: [{ problem: 'stale' }],
    })
  })

  test('of something that is not asked any more is stale, not a difference', () => {
    const gone = recording({ other: 1 }, { other: 1 }, { other: 1 })
    const removed = entry({ pointer: '/page/title', reference: 'Not Found', candidate: 'Page not found' })
    expect(judgeOne(gone, [removed])).toMatchObject({ verdict: 'unknown', accepted: [{ problem: 'stale' }] })
  })

  test('is not called stale where more than its place has changed, or where the value varies by itself', () => {
    const more = recording({ debug: false }, { debug: false }, { $error: 'refused' })
    expect(judgeOne(more, [entry()])).toMatchObject({ verdict: 'different', accepted: [] })
    const varies = recording({ debug: 'id 1' }, { debug: 'id 2' }, { debug: 'id 3' })
    expect(judgeOne(varies, [entry({ reference: 'id 1', candidate: 'id 9' })])).toMatchObject({
      verdict: 'same',
      accepted: [],
    })
  })

  test('with a pattern speaks of every member, each with the same pinned values', () => {
    const seen = (debug: boolean, third = debug) => ({ web: { debug }, worker: { debug }, beat: { debug: third } })
    const everywhere = entry({ pointer: '/*/debug', pattern: true })
    expect(judgeOne(recording(seen(false), seen(false), seen(true)), [everywhere])).toMatchObject({
      verdict: 'same',
      result: { verdict: 'accepted', differences: [{ verdict: 'accepted' }, {}, {}] },
    })
    const moved = recording(seen(false), seen(false), { ...seen(true), worker: { debug: 'yes' } })
    expect(judgeOne(moved, [everywhere])).toMatchObject({ verdict: 'different', accepted: [] })
    const likeIt = recording(seen(true), seen(true), seen(true))
    expect(judgeOne(likeIt, [everywhere])).toMatchObject({
      verdict: 'different',
      result: { differences: [{ pointer: '/beat/debug' }, { pointer: '/web/debug' }, { pointer: '/worker/debug' }] },
    })
    expect(judgeOne(debug, [entry({ pointer: '/*' })]).verdict).toBe('different')
  })

  test('fails the run after its review date', () => {
    expect(judgeOne(debug, [entry({ review: '2026-05-31' })])).toMatchObject({
      verdict: 'unknown',
      accepted: [{ problem: 'overdue' }],
    })
    expect(judgeOne(debug, [entry({ review: '2026-06-01' })])).toMatchObject({ verdict: 'same', accepted: [] })
  })

  test('is not called stale when its probe was not asked', () => {
    expect(judgeOne(recording(1, 1, 1), [entry({ probe: 'other' })]).accepted).toEqual([])
  })
})

describe('judging', () => {
  const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: true }) as fc.Arbitrary<Json>

  test('an observation is the same as itself', () => {
    fc.assert(fc.property(json, (value) => judgeOne(recording(value, value, value)).verdict === 'same'))
  })

  test('has the same result however often and in whatever order it is given the observations', () => {
    fc.assert(
      fc.property(json, json, json, (first, second, candidate) => {
        const input = recording(first, second, candidate)
        const [a, b, c] = input.observations
        const shuffled = { ...input, observations: [c, a, b].filter((each) => each !== undefined) }
        expect(judge(shuffled, [])).toEqual(judge(input, []))
        expect(judge(structuredClone(input), [])).toEqual(judge(input, []))
      }),
    )
  })

  test('another probe cannot make a difference disappear', () => {
    fc.assert(
      fc.property(json, json, json, (first, second, candidate) => {
        const input = recording(first, second, candidate)
        const more = [
          ...input.observations,
          ...['production', 'development'].map((name) => observation(name, 1, { probe: 'more' })),
        ]
        const before = judge(input, []).verdict
        const after = judge({ ...input, observations: more }, []).verdict
        expect(after).toBe(before)
      }),
    )
  })

  test('a value that moves on either side opens an accepted difference again', () => {
    fc.assert(
      fc.property(json, json, json, (reference, candidate, moved) => {
        fc.pre(!equal(reference, candidate) && !equal(moved, reference) && !equal(moved, candidate))
        const wrap = (value: Json) => ({ value: { as: [value] } })
        const all =
          judge(recording(wrap(reference), wrap(reference), wrap(candidate)), []).results[0]?.differences ?? []
        const accepted = all.map((each) =>
          entry({ reference: undefined, candidate: undefined, ...each, reason: 'wanted' }),
        )
        for (const [was, is] of [
          [moved, candidate],
          [reference, moved],
          [moved, moved],
        ] as const) {
          expect(judge(recording(wrap(was), wrap(was), wrap(is)), accepted).verdict).not.toBe('same')
        }
      }),
    )
  })

  test('identical failures are unknown, whatever they say', () => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        const error = { at: { $error: message } }
        expect(judgeOne(recording(error, error, error)).verdict).toBe('unknown')
      }),
    )
  })

  test('accepting all differences of a report leaves none', () => {
    fc.assert(
      fc.property(json, json, (reference, candidate) => {
        const input = recording(reference, reference, candidate)
        const accepted = judge(input, []).results.flatMap(({ differences }) =>
          differences.map((each) => entry({ reference: undefined, candidate: undefined, ...each, reason: 'wanted' })),
        )
        const { verdict, accepted: problems } = judge(input, accepted)
        expect(verdict).toBe('same')
        expect(problems).toEqual([])
      }),
    )
  })
})
