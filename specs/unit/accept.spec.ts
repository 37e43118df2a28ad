import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { acceptedDifferences, flatten } from '../../harness/config/accepted.ts'
import { type Accepting, withAccepted } from '../../harness/config/write-accepted.ts'
import type { Json } from '../../harness/model.ts'

const accepting = (changes: Partial<Accepting> = {}): Accepting => ({
  probe: 'http',
  environment: 'development',
  pointer: '/live/status',
  reference: 200,
  candidate: 404,
  reason: 'not there',
  review: '2027-05-01',
  ...changes,
})

const FILE = `# yaml-language-server: $schema=../schema/accepted.schema.json

# Looked at in the spring.
- reason: 'DEBUG is on.'   # by everybody
  review: 2027-06-01
  probe: http
  environment: development
  differences:
    # The title of the error page.
    - { pointer: /a/title, reference: "Not Found",   candidate: {"a":1} }
    - pointer: /c/title
      candidate: >
        folded
        text
- reason: Other.
  review: 2027-06-01
  probe: process
  environment: development
  differences: [{ pointer: /x, candidate: 1 }, { pointer: /y, candidate: 1 }]
# The end.
`

/** Lines that are only in the one, and only in the other. */
function changed(before: string, after: string): { gone: string[]; added: string[] } {
  const [was, is] = [before.split('\n'), after.split('\n')]
  return { gone: was.filter((line) => !is.includes(line)), added: is.filter((line) => !was.includes(line)) }
}

const read = (text: string) => flatten(acceptedDifferences.parse(parse(text)))

describe('a difference that is accepted', () => {
  test('begins the file where there is none', () => {
    expect(
      withAccepted('', [
        accepting(),
        accepting({ pointer: '/a "quoted"', reference: undefined, candidate: [{ b: null }] }),
      ]),
    ).toBe(
      `- reason: "not there"
  review: 2027-05-01
  probe: http
  environment: development
  differences:
    - { pointer: "/a \\"quoted\\"", candidate: [{"b": null}] }
    - { pointer: "/live/status", reference: 200, candidate: 404 }
`,
    )
  })

  test('is one new line among those of the same reason, sorted by pointer', () => {
    const same = { reason: 'DEBUG is on.', review: '2027-06-01' }
    const text = withAccepted(FILE, [accepting({ ...same, pointer: '/b/title' })])
    expect(changed(FILE, text)).toEqual({
      gone: [],
      added: ['    - { pointer: "/b/title", reference: 200, candidate: 404 }'],
    })
    expect(read(text).map(({ pointer }) => pointer)).toEqual(['/a/title', '/b/title', '/c/title', '/x', '/y'])
    expect(read(withAccepted(FILE, [accepting({ ...same, pointer: '/d' })])).map(({ pointer }) => pointer)[2]).toBe(
      '/d',
    )
  })

  test('stands behind those of the same probe and environment when its reason is new', () => {
    const text = withAccepted(FILE, [accepting()])
    expect(changed(FILE, text).gone).toEqual([])
    expect(parse(text).map(({ reason }: { reason: string }) => reason)).toEqual(['DEBUG is on.', 'not there', 'Other.'])
  })

  test('takes the place of what was accepted there before', () => {
    const text = withAccepted(FILE, [accepting({ pointer: '/c/title' })])
    expect(read(text).filter(({ pointer }) => pointer === '/c/title')).toEqual([accepting({ pointer: '/c/title' })])
    expect(changed(FILE, text).gone).toEqual([
      '    - pointer: /c/title',
      '      candidate: >',
      '        folded',
      '        text',
    ])
    const inLine = withAccepted(FILE, [accepting({ probe: 'process', pointer: '/x' })])
    expect(read(inLine).filter(({ probe }) => probe === 'process')).toHaveLength(2)
  })

  test('that is gone is taken out, with its reason when nothing is left of it', () => {
    const gone = (pointer: string) => accepting({ pointer, isGone: true })
    expect(read(withAccepted(FILE, [gone('/a/title')])).map(({ pointer }) => pointer)).toEqual(['/c/title', '/x', '/y'])
    const neither = withAccepted(FILE, [gone('/a/title'), gone('/c/title')])
    expect(neither).not.toContain('DEBUG is on')
    expect(neither).toContain('# The end.')
  })

  test('is read back as it was written, beside all that was there before', () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>
    fc.assert(
      fc.property(json, json, fc.string(), fc.string({ minLength: 1 }), (reference, candidate, token, reason) => {
        const pointer = `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
        const one = accepting({ pointer, reference, candidate, reason: `because ${reason.trim()}.` })
        const text = withAccepted(FILE, [one])
        expect(changed(FILE, text).gone).toEqual([])
        const [written] = flatten(parse(text)).filter((entry) => entry.pointer === pointer)
        expect(written).toMatchObject({ reason: one.reason, review: one.review })
        expect(JSON.stringify([written?.reference, written?.candidate])).toBe(JSON.stringify([reference, candidate]))
        expect(withAccepted(text, [one])).toBe(text)
      }),
    )
  })
})
