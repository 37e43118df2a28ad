/** Variables that one side gives under another name than the other. */
import { nameOf, sameNameApart } from './names.ts'
import { direction, isVariable, type Trouble } from './trouble.ts'

/**
 * Two variables that are one under two names: the one that a side lacks and the one that it has instead. A name that is
 * nearly the same tells more than a value that is.
 */
export function renamed(troubles: Trouble[]): [lacking: Trouble, instead: Trouble][] {
  const variables = troubles.filter(isVariable)
  const lacking = variables.filter((trouble) => direction(trouble) === 'lacks')
  const adding = variables.filter((trouble) => direction(trouble) === 'adds')
  const pairs: [Trouble, Trouble][] = []
  for (const isRename of [isNameAlike, isValueSame]) {
    for (const one of lacking) {
      const isFree = (trouble: Trouble) => !pairs.some((pair) => pair.includes(trouble))
      const other = adding.find((other) => other.role === one.role && isFree(other) && isRename(one, other))
      if (other && isFree(one)) pairs.push([one, other])
    }
  }
  return pairs
}

function isNameAlike(lacking: Trouble, adding: Trouble): boolean {
  return sameNameApart(nameOf(lacking), nameOf(adding))
}

function isValueSame({ reference }: Trouble, { candidate }: Trouble): boolean {
  return typeof reference === 'string' && reference.length >= 4 && reference === candidate
}
