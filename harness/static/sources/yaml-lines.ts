/** A YAML file of which every part knows its line, aliases and merges followed to where they are written. */
import { readFileSync } from 'node:fs'
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

export interface Member {
  key: string
  value: unknown
  /** 1-based, of the key. */
  line: number
}

export interface YamlLines {
  root: unknown
  /** Of a map, merged ones after its own; one that is written over is not among them. */
  membersOf(node: unknown): Member[]
  /** Of a list, with the line of each. */
  itemsOf(node: unknown): { value: unknown; line: number }[]
  /** At the end of a path of keys. */
  find(node: unknown, ...keys: string[]): Member | undefined
  textOf(node: unknown): string
  line(number: number): string
}

/** @throws when the file cannot be read */
export function readYamlLines(file: string): YamlLines {
  const text = readFileSync(file, 'utf8')
  const counter = new LineCounter()
  const document = parseDocument(text, { merge: true, lineCounter: counter, logLevel: 'silent' })
  const lines = text.split(/\r?\n/)
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node)
  const lineOf = (node: unknown) => counter.linePos((isNode(node) && node.range?.[0]) || 0).line
  const textOf = (node: unknown) => {
    const value = resolved(node)
    return isScalar(value) ? (typeof value.value === 'symbol' ? '<<' : String(value.value ?? '')) : ''
  }
  const itemsOf = (node: unknown) => {
    const list = resolved(node)
    return isSeq(list) ? list.items.map((value) => ({ value, line: lineOf(value) })) : []
  }
  const membersOf = (node: unknown): Member[] => {
    const map = resolved(node)
    if (!isMap(map)) return []
    const own: Member[] = []
    const merged: Member[] = []
    for (const { key, value } of map.items) {
      if (textOf(key) === '<<') {
        const from = resolved(value)
        merged.push(...(isSeq(from) ? from.items.flatMap(membersOf) : membersOf(from)))
      } else own.push({ key: textOf(key), value, line: lineOf(key) })
    }
    return [...own, ...merged.filter(({ key }) => !own.some((other) => other.key === key))]
  }
  const find = (node: unknown, ...keys: string[]): Member | undefined => {
    const [key, ...rest] = keys
    const member = membersOf(node).find((each) => each.key === key)
    return member && rest.length ? find(member.value, ...rest) : member
  }
  return {
    root: document.contents,
    membersOf,
    itemsOf,
    find,
    textOf,
    line: (number) => (lines[number - 1] ?? '').trim(),
  }
}
