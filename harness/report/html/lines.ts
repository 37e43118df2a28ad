/** Two texts line by line, and two lines character by character: what they share and where they part. */

export interface Row {
  /** Absent where the other side has a line that this one lacks. */
  reference?: string
  candidate?: string
}

/** Beyond this many lines on a side everything between the shared beginning and end counts as changed. */
const LINES_AT_MOST = 600

/** Longest common subsequence; lines that were changed stand beside each other. */
export function align(reference: string[], candidate: string[]): Row[] {
  const start = sharedPrefix(reference, candidate)
  const end = sharedPrefix(reference.slice(start).reverse(), candidate.slice(start).reverse())
  const [was, is] = [reference.slice(start, reference.length - end), candidate.slice(start, candidate.length - end)]
  const same = (lines: string[]) => lines.map((line) => ({ reference: line, candidate: line }))
  return [...same(reference.slice(0, start)), ...between(was, is), ...same(end ? reference.slice(-end) : [])]
}

/** What two strings begin and end with alike, and what stands between. */
export function middle(text: string, other: string): [before: string, changed: string, after: string] {
  const before = sharedPrefix([...text], [...other])
  const characters = [...text]
  const rest = characters.slice(before)
  const after = sharedPrefix(rest.toReversed(), [...other].slice(before).toReversed())
  return [
    characters.slice(0, before).join(''),
    rest.slice(0, rest.length - after).join(''),
    rest.slice(rest.length - after).join(''),
  ]
}

function between(was: string[], is: string[]): Row[] {
  if (Math.max(was.length, is.length) > LINES_AT_MOST) return beside(was, is)
  // length[i][j]: of the longest subsequence that was[i…] and is[j…] have in common
  const length = Array.from({ length: was.length + 1 }, () => new Uint16Array(is.length + 1))
  const at = (i: number, j: number) => length[i]?.[j] ?? 0
  for (let i = was.length - 1; i >= 0; i--) {
    for (let j = is.length - 1; j >= 0; j--) {
      ;(length[i] as Uint16Array)[j] = was[i] === is[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const rows: Row[] = []
  let [removed, added]: [string[], string[]] = [[], []]
  const flush = () => {
    rows.push(...beside(removed, added))
    removed = []
    added = []
  }
  let [i, j] = [0, 0]
  while (i < was.length || j < is.length) {
    if (i < was.length && j < is.length && was[i] === is[j]) {
      flush()
      rows.push({ reference: was[i++], candidate: is[j++] })
    } else if (j >= is.length || (i < was.length && at(i + 1, j) >= at(i, j + 1))) {
      removed.push(was[i++] as string)
    } else {
      added.push(is[j++] as string)
    }
  }
  flush()
  return rows
}

function beside(was: string[], is: string[]): Row[] {
  return Array.from({ length: Math.max(was.length, is.length) }, (_, index) => ({
    ...(index < was.length && { reference: was[index] }),
    ...(index < is.length && { candidate: is[index] }),
  }))
}

function sharedPrefix(a: string[], b: string[]): number {
  const differing = a.findIndex((item, index) => item !== b[index])
  return differing === -1 ? a.length : differing
}
