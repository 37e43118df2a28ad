import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equal } from '../../harness/compare/json.ts'
import { judge } from '../../harness/compare/judge.ts'
import type { Json, Result } from '../../harness/model.ts'
import { recordingOf } from './recording.ts'

const judged = (references: Json[], candidates: Json[]): Result =>
  judge(recordingOf(references, candidates), []).results[0] as Result
const verdictOf = (references: Json[], candidates: Json[]) => judged(references, candidates).verdict
const uuid = (digit: string) =>
  `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`

/** As a journey has it that has captured an id, and was asked for something more. */
const withId = (id: Json, more: Json = null) => ({ captured: { id: { $captured: id } }, more })

describe('what a journey has captured', () => {
  test.each([
    ['in a number', 9, 8],
    ['in a text', '/media/9/report-9.txt', '/media/8/report-8.txt'],
  ])('is the same thing on both sides, %s', (_, was, is) => {
    expect(verdictOf([withId(9, was)], [withId(8, is)])).toBe('same')
    expect(verdictOf([withId('9', was)], [withId('8', is)])).toBe('same')
  })

  test.each([
    ['another number', 9, 7],
    ['the other way round', 8, 9],
    ['only a part of a number', 19, 18],
    ['a text of another form', '/media/9/report', '/media/8/image'],
    ['a number and a text', 9, '8'],
  ])('is not %s', (_, was, is) => {
    expect(verdictOf([withId(9, was)], [withId(8, is)])).toBe('different')
  })

  test('has to vary by itself where the reference is asked twice', () => {
    expect(verdictOf([withId(9, 9), withId(9, 9)], [withId(8, 8)])).toBe('different')
    expect(verdictOf([withId(9, { id: 9 }), withId(10, { id: 10 })], [withId(8, { id: 8 })])).toBe('same')
  })

  test('is a number on both sides', () => {
    expect(verdictOf([withId(9)], [{ captured: { id: '<uuid>' }, more: null }])).toBe('different')
    expect(verdictOf([withId(9)], [withId('9')])).toBe('different')
  })
})

describe('noise is recognised by its kind', () => {
  test.each<[kind: string, name: string, references: Json[], candidates: Json[]]>([
    ['time', 'at', ['2026-06-01T00:00:00Z', '2026-06-01T00:00:09Z'], ['2026-06-01T00:10:00.5Z']],
    [
      'time',
      'date',
      ['Mon, 01 Jun 2026 10:00:00 GMT', 'Mon, 01 Jun 2026 10:00:09 GMT'],
      ['Mon, 01 Jun 2026 10:01:00 GMT'],
    ],
    [
      'time',
      'text',
      ['Added June 1, 2026, 7:16 p.m.', 'Added June 1, 2026, 7:16 p.m.'],
      ['Added June 1, 2026, 7 p.m.'],
    ],
    ['time', 'text', ['seen 5 seconds ago', 'seen 7 seconds ago'], ['seen 1 minute ago']],
    ['time', 'iat', [1780272000, 1780272001], [1780272077]],
    ['id', 'task', [uuid('a'), uuid('b')], [uuid('c')]],
    ['id', 'id', [7, 8], [12]],
    ['id', 'owner_id', [7, 7], [12, 13]],
    ['count that only grows', 'requests', [7, 8], [12]],
    ['duration', 'elapsed', [0.98, 1.02], [1]],
    ['duration', 'text', ['took 12 ms', 'took 9.5 ms'], ['took 14 ms']],
    ['token', 'nonce', ['c9f00bd2e13a', 'a1b2c3d4e5f6'], ['0f9e8d7c6b5a']],
    [
      'token',
      'csp',
      ["script-src 'nonce-r4nd0mr4nd0m=='", "script-src 'nonce-0th3r0th3r99=='"],
      ["script-src 'nonce-m0r3m0r3m0r3=='"],
    ],
    ['token', 'nonce', ['c9f00bd2e13a', 'c9f00bd2e13a'], ['0f9e8d7c6b5a', 'a1b2c3d4e5f6']],
    ['host and port', 'peer', ['172.18.0.3:50122', '172.18.0.3:50140'], ['10.244.0.9:41200']],
    [
      'order of a set',
      'tags',
      [
        ['a', 'b', 'c'],
        ['c', 'a', 'b'],
      ],
      [['b', 'c', 'a']],
    ],
    [
      'order of a set',
      'tags',
      [
        ['a', 'b', 'c'],
        ['a', 'b', 'c'],
      ],
      [
        ['c', 'b', 'a'],
        ['b', 'a', 'c'],
      ],
    ],
    [
      'list of varying length',
      'ids',
      [
        [1, 2],
        [1, 2, 3],
      ],
      [[5]],
    ],
  ])('%s: %s', (kind, name, references, candidates) => {
    const wrap = (values: Json[]) => values.map((value) => ({ [name]: value }))
    const { verdict, noise } = judged(wrap(references), wrap(candidates))
    expect(verdict).toBe('same')
    expect(noise).toEqual([
      { pointer: `/${name}`, kind, reason: expect.any(String), reference: references[0], candidate: candidates[0] },
    ])
  })

  test('and a value that the reference itself has had is listed with what else it had', () => {
    const { verdict, noise } = judged(['red', 'blue'], ['blue'])
    expect(verdict).toBe('same')
    expect(noise).toMatchObject([{ kind: 'one of several values', reference: 'red', candidate: 'blue' }])
  })

  test('members under names that are new each time are compared one by one', () => {
    const seen = (id: string, state: string) => ({ tasks: { [id]: state } })
    const references = [seen(uuid('a'), 'done'), seen(uuid('b'), 'done')]
    expect(verdictOf(references, [seen(uuid('c'), 'done')])).toBe('same')
    expect(verdictOf(references, [seen(uuid('c'), 'failed')])).toBe('different')
  })
})

describe('noise never hides', () => {
  test.each<[what: string, references: Json[], candidates: Json[]]>([
    ['another kind: an integer for a UUID', [uuid('a'), uuid('b')], [7]],
    ['another kind: a word for a token', ['c9f00bd2e13a', 'a1b2c3d4e5f6'], ['undefined']],
    ['another kind: nothing for a number', [{ n: 7 }, { n: 8 }], [{}]],
    [
      'another kind: an empty list for a growing one',
      [
        [1, 2],
        [1, 2, 3],
      ],
      [[]],
    ],
    ['an error for a value that varies', [7, 8], [{ $error: 'refused' }]],
    ['a status, though statuses are numbers', [{ status: 200 }, { status: 200 }], [{ status: 500 }, { status: 502 }]],
    [
      'a member that is in no order of the set',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      [['a', 'c']],
    ],
    [
      'another order of a list that keeps its own on both sides',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      [
        ['b', 'a'],
        ['b', 'a'],
      ],
    ],
    ['data of another year', ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z'], ['2021-05-05T00:00:07Z']],
    ['a clock that is two hours off', ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00Z'], ['2026-01-01T14:00:00Z']],
    ['a number that is stable on both sides', [{ id: 7 }, { id: 7 }], [{ id: 12 }, { id: 12 }]],
    ['a value that was different both times, each time another one', ['up', 'up'], ['down', 'gone']],
  ])('%s', (_, references, candidates) => {
    expect(verdictOf(references, candidates)).toBe('different')
  })
})

describe('it cannot be told', () => {
  test.each<[what: string, references: Json[], candidates: Json[], reason: RegExp]>([
    ['a value that was different once in two', ['up', 'up'], ['down', 'up'], /seen once in two/],
    ['an error that was met once in two', [1, 1], [{ $error: 'refused' }, 1], /seen once in two/],
    [
      'a status that the reference gives or not',
      [{ status: 200 }, { status: 503 }],
      [{ status: 200 }],
      /production itself has 200, then 503/,
    ],
    ['an error that the reference meets or not', [1, { $error: 'refused' }], [1], /production itself/],
    ['a word that varies in the reference', ['red', 'blue'], ['green'], /in no way that is recognised/],
    [
      'a count that grows in the candidate alone',
      [{ rows: 3 }, { rows: 3 }],
      [{ rows: 4 }, { rows: 5 }],
      /stands still in production/,
    ],
  ])('%s', (_, references, candidates, reason) => {
    const { verdict, differences } = judged(references, candidates)
    expect(verdict).toBe('unknown')
    expect(differences).toEqual([
      expect.objectContaining({ verdict: 'unknown', reason: expect.stringMatching(reason) }),
    ])
  })

  test('when the reference could not be asked the second time', () => {
    const input = recordingOf([1, 1], [1])
    const [first, second, seen] = input.observations
    const observations = [first, { ...second, value: null, failure: 'timed out' }, seen] as typeof input.observations
    expect(judge({ ...input, observations }, []).results[0]).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('timed out'),
    })
  })

  test('but a candidate that could not be asked a second time stays different', () => {
    const input = recordingOf([1, 1], [2, 1])
    const observations = [...input.observations]
    observations[3] = { ...observations[3], value: null, failure: 'timed out' } as (typeof observations)[number]
    expect(judge({ ...input, observations }, []).results[0]?.verdict).toBe('different')
  })
})

test('a further start of the reference is a further observation of it', () => {
  const seen = (seed: number) => ({ id: seed, port: `127.0.0.1:${seed}` })
  expect(verdictOf([seen(4000), seen(4000)], [seen(5000)])).toBe('different')
  expect(verdictOf([seen(4000), seen(4000), seen(4100)], [seen(5000)])).toBe('same')
})

describe('for any observations', () => {
  const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: true }) as fc.Arbitrary<Json>
  const some = fc.array(json, { minLength: 1, maxLength: 3 })

  test('their order in the recording means nothing', () => {
    fc.assert(
      fc.property(some, some, fc.func(fc.nat()), (references, candidates, order) => {
        const input = recordingOf(references, candidates)
        const shuffled = input.observations.toSorted((a, b) => order(a) - order(b))
        const environments = input.environments.toReversed()
        expect(judge({ ...input, observations: shuffled, environments }, [])).toEqual(judge(input, []))
      }),
    )
  })

  test('nothing that parts is dropped: it is a difference or listed as noise', () => {
    fc.assert(
      fc.property(some, some, (references, candidates) => {
        const { noise, differences } = judged(references, candidates)
        const agree = [...references, ...candidates].every((value) => equal(value, references[0]))
        expect(noise.length + differences.length > 0).toBe(!agree)
      }),
    )
  })

  test('a candidate that answers as the reference, however that varies, is never different', () => {
    fc.assert(
      fc.property(some, fc.nat(), (references, pick) => {
        expect(verdictOf(references, [references[pick % references.length] as Json])).not.toBe('different')
      }),
    )
  })
})
