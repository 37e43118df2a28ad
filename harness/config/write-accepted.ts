/**
 * Writes differences into the text of parity.accepted.yaml. Lines that nobody meant to change stay as they are, with their
 * comments and quotes, so that the file reads well as a diff in a pull request.
 */
import { isMap, isSeq, LineCounter, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import type { AcceptedDifference, Json } from '../model.ts'

/** A difference to write down. With `isGone` its entry is only taken out: nothing differs there any more. */
export type Accepting = Omit<AcceptedDifference, 'pattern'> & { isGone?: boolean }

/** What was written about the same places before is replaced. New lines stand among their like, sorted by pointer. */
export function withAccepted(text: string, accepting: Accepting[]): string {
  const cleared = accepting.reduce(withoutEntry, text)
  return accepting
    .filter(({ isGone }) => !isGone)
    .toSorted((a, b) => compare(a.probe, b.probe) || compare(a.pointer, b.pointer))
    .reduce(withEntry, cleared)
}

interface Entry {
  node: YAMLMap
  reason: unknown
  review: unknown
  probe: unknown
  environment: unknown
  differences: { node: YAMLMap; pointer: unknown; pattern: unknown }[]
  /** Its differences stand one below the other, so that a line can be put between them. */
  isBlock: boolean
}

function withoutEntry(text: string, { probe, environment, pointer }: Accepting): string {
  const { entries, linesOf } = read(text)
  const entry = entries.find(
    (other) => other.probe === probe && other.environment === environment && indexOf(other, pointer) >= 0,
  )
  if (!entry) return text
  const isOnly = entry.differences.length === 1
  const at = indexOf(entry, pointer)
  if (!isOnly && !entry.isBlock) return withoutFlowItem(text, entries.indexOf(entry), at)
  const [from, to] = linesOf(isOnly ? entry.node : (entry.differences[at] as Entry['differences'][number]).node)
  const lines = text.split('\n')
  lines.splice(from, to - from + 1)
  return lines.join('\n')
}

function indexOf({ differences }: Entry, pointer: string): number {
  return differences.findIndex((other) => other.pointer === pointer && other.pattern !== true)
}

/** A list that stands in one line cannot be changed line by line. */
function withoutFlowItem(text: string, entry: number, index: number): string {
  const document = parseDocument(text)
  document.deleteIn([entry, 'differences', index])
  return document.toString({ lineWidth: 0 })
}

function withEntry(text: string, accepting: Accepting): string {
  const { entries, linesOf, columnOf } = read(text)
  const { reason, review, probe, environment, pointer } = accepting
  const isLike = (other: Entry) => other.probe === probe && other.environment === environment
  const group = entries.find(
    (other) => isLike(other) && other.isBlock && other.reason === reason && other.review === review,
  )
  const lines = text === '' ? [] : text.replace(/\n?$/, '').split('\n')
  if (group) {
    const before = group.differences.findLast((other) => compare(String(other.pointer), pointer) < 0)
    const [first] = group.differences as [Entry['differences'][number]]
    const at = before ? linesOf(before.node)[1] + 1 : linesOf(first.node)[0]
    lines.splice(at, 0, `${' '.repeat(columnOf(first.node))}- ${flowOf(accepting)}`)
    return `${lines.join('\n')}\n`
  }
  const last = entries.findLast(isLike)
  const block = [
    `- reason: ${JSON.stringify(reason)}`,
    `  review: ${review}`,
    `  probe: ${JSON.stringify(probe).replace(/^"([\w/-]+)"$/, '$1')}`,
    `  environment: ${environment}`,
    '  differences:',
    `    - ${flowOf(accepting)}`,
  ]
  lines.splice(last ? linesOf(last.node)[1] + 1 : lines.length, 0, ...block)
  return `${lines.join('\n')}\n`
}

/** One line a difference, as JSON with spaces: values are compared as they are, so nothing is left to YAML's guesses. */
function flowOf({ pointer, reference, candidate }: Accepting): string {
  const sides = Object.entries({ pointer, reference, candidate }).filter(([, value]) => value !== undefined)
  return `{ ${sides.map(([name, value]) => `${name}: ${spaced(value as Json)}`).join(', ')} }`
}

function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`)
    .join(', ')}}`
}

function read(text: string) {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const position = (offset: number) => counter.linePos(offset)
  const { contents } = document
  const items = isSeq(contents) ? contents.items.filter((item) => isMap(item)) : []
  const entries = items.map((node): Entry => {
    const list = node.get('differences')
    const differences = isSeq(list) ? (list as YAMLSeq).items.filter((item) => isMap(item)) : []
    return {
      node,
      reason: node.get('reason'),
      review: node.get('review'),
      probe: node.get('probe'),
      environment: node.get('environment'),
      differences: differences.map((node) => ({ node, pointer: node.get('pointer'), pattern: node.get('pattern') })),
      isBlock: isSeq(list) && !list.flow && differences.length > 0,
    }
  })
  return {
    entries,
    /** First and last line, counted from 0. */
    linesOf: ({ range }: YAMLMap): [number, number] => {
      const [start, end] = range ?? [0, 0]
      const filled = text.slice(0, end).trimEnd().length
      return [position(start).line - 1, position(Math.max(start, filled - 1)).line - 1]
    },
    /** Of the dash before it. */
    columnOf: ({ range }: YAMLMap): number => Math.max(0, position(range?.[0] ?? 0).col - 3),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
