/** Variables that one side gives under another name than the other. */
import { nameOf, sameNameApart } from './names.ts'
import { direction, isVariable, type Trouble } from './trouble.ts'

/** Two variables that are one under two names: the one that a side lacks and the one that it has instead. */
export function renamed(troubles: Trouble[]): [lacking: Trouble, instead: Trouble][] {
  const variables = troubles.filter(isVariable)
  const adding = variables.filter((trouble) => direction(trouble) === 'adds')
  return variables
    .filter((trouble) => direction(trouble) === 'lacks')
    .flatMap((lacking) => {
      const alike = adding.find((other) => other.role === lacking.role && isRename(lacking, other))
      return alike ? [[lacking, alike] as [Trouble, Trouble]] : []
    })
}

function isRename(lacking: Trouble, adding: Trouble): boolean {
  const value = lacking.reference
  const isTelling = typeof value === 'string' && value.length >= 4
  return (isTelling && value === adding.candidate) || sameNameApart(nameOf(lacking), nameOf(adding))
}
