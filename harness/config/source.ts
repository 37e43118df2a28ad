/** A YAML file as a value of which every part knows its line and column. */
import { readFileSync } from 'node:fs'
import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  Scalar,
} from 'yaml'
import { ConfigError, dotted, type Finding, type Path, type Problem } from './problem.ts'

export interface Source {
  /** Null for an empty file, undefined when the text is not YAML. */
  value: unknown
  /** Faults of the text itself. */
  problems: Problem[]
  locate(finding: Finding): Problem
}

/** @throws ConfigError when the file cannot be read. */
export function readSource(file: string): Source {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError([
      { file, line: 1, column: 1, path: '', message: `cannot be read: ${(error as Error).message}` },
    ])
  }
  return parseSource(file, text)
}

export function parseSource(file: string, text: string): Source {
  const lines = new LineCounter()
  const document = parseDocument(text, { version: '1.2', merge: true, lineCounter: lines, prettyErrors: false })

  const problemAt = (offset: number, path: Path, message: string): Problem => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col, path: dotted(path), message }
  }

  const parts = [...partsOf(document.contents, [])]
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node)
  const isMergeable = (node: unknown) => {
    const source = resolved(node)
    return isMap(source) || (isSeq(source) && source.items.every((item) => isMap(resolved(item))))
  }

  const problems: Problem[] = []
  let readable = true
  for (const { code, pos, message } of document.errors) {
    const part = code === 'DUPLICATE_KEY' ? parts.find(({ node }) => startOf(node) === pos[0]) : undefined
    if (part) {
      problems.push(problemAt(pos[0], part.path, 'stands here a second time'))
    } else if (!problems.some(({ line }) => line === lines.linePos(pos[0]).line)) {
      problems.push(problemAt(pos[0], [], `is not YAML: ${message}`))
      readable = false
    }
  }
  for (const { pos, message } of document.warnings) problems.push(problemAt(pos[0], [], message))
  for (const { node, path } of parts) {
    const message = isAlias(node)
      ? faultOfAlias(node, resolved(node))
      : isMap(node) && node.items.some((pair) => isMerge(pair) && !isMergeable(pair.value))
        ? 'what is merged with << must be a map or a list of maps'
        : undefined
    if (message === undefined) continue
    problems.push(problemAt(startOf(node), path, message))
    readable = false
  }

  const child = (parent: unknown, key: string | number): Place | undefined => {
    const node = resolved(parent)
    if (isSeq(node)) return node.items[key as number] === undefined ? undefined : { value: node.items[key as number] }
    if (!isMap(node)) return undefined
    const own = node.items.findLast((pair) => !isMerge(pair) && keyText(pair.key) === String(key))
    if (own) return own
    for (const { value } of node.items.filter(isMerge)) {
      const merged = resolved(value)
      for (const source of isSeq(merged) ? merged.items : [merged]) {
        const found = child(source, key)
        if (found) return found
      }
    }
    return undefined
  }

  const locate = ({ path, message, part = 'value' }: Finding): Problem => {
    let place: Place = { value: document.contents }
    let wanted = part
    for (const key of path) {
      const next = child(place.value, key)
      if (!next) {
        // What is missing has no place of its own; the map that should hold it has.
        wanted = 'key'
        break
      }
      place = next
    }
    const node = (wanted === 'key' || isEmpty(place.value) ? place.key : undefined) ?? place.value
    return problemAt(startOf(node), path, message)
  }

  return { value: readable ? document.toJS() : undefined, problems, locate }
}

interface Place {
  key?: unknown
  value: unknown
}

/** Every key and value, in the order of the text; an alias is not followed. */
function* partsOf(node: unknown, path: Path): Generator<{ node: unknown; path: Path }> {
  yield { node, path }
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const inside = [...path, keyText(key)]
      yield { node: key, path: inside }
      yield* partsOf(value, inside)
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* partsOf(item, [...path, index])
  }
}

function faultOfAlias(alias: Alias, target: unknown): string | undefined {
  if (!target) return `nothing before this place is marked &${alias.source}`
  const [start, , end] = (isNode(target) && target.range) || [0, 0, 0]
  return start < startOf(alias) && startOf(alias) < end ? `*${alias.source} stands inside of what it means` : undefined
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && keyText(key) === '<<'
}

function keyText(key: unknown): string {
  const value = isScalar(key) ? key.value : key
  return typeof value === 'symbol' ? (value.description ?? '') : String(value ?? '')
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && !node.source)
}

function startOf(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0
}
