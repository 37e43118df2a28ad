/** Data as YAML with a comment at each guess. */
import { Document, isMap, isScalar, visit } from 'yaml'
import type { Json } from '../model.ts'

export type Path = (string | number)[]

export interface Note {
  /** The key that it stands before. */
  path: Path
  text: string
}

/** What is shared between several places becomes an anchor and its aliases. */
export function annotated(data: { [key: string]: Json }, notes: Note[], head: string): string {
  const document = new Document(data, { anchorPrefix: 'shared' })
  document.commentBefore = head
  for (const { path, text } of notes) {
    const map = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
    if (!isMap(map)) continue
    const pair = map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    if (!pair || !isScalar(pair.key)) continue
    const before = pair.key.commentBefore ? `${pair.key.commentBefore}\n` : ''
    pair.key.commentBefore = `${before}${text.replace(/^/gm, ' ')}`
  }
  visit(document, {
    // A command is read in one line.
    Seq: (_, seq) => {
      if (seq.items.every(isScalar)) seq.flow = true
    },
  })
  const environments = document.get('environments', true)
  for (const pair of isMap(environments) ? environments.items.slice(1) : []) {
    if (isScalar(pair.key)) pair.key.spaceBefore = true
  }
  for (const pair of isMap(document.contents) ? document.contents.items.slice(3) : []) {
    if (isScalar(pair.key)) pair.key.spaceBefore = true
  }
  return document.toString({ lineWidth: 118, flowCollectionPadding: false })
}
