import type { Declared } from '../contract.ts'
import { byRole, type Question } from './question.ts'

export const user: Question = {
  name: 'static/user',
  question: 'As whom does it run, and is that who the image was made for?',
  ask: (contract, { ownRoles }) =>
    byRole(contract, ownRoles, (declared) => {
      const name = declared.user ?? declared.image.build?.stage?.user?.split(':')[0]
      return { root: name === undefined || name === 'root' || name === '0', otherThanImage: otherThanImage(declared) }
    }),
}

/** Numbers that the environment gives and the Dockerfile does not: files of the image belong to somebody else then. */
function otherThanImage({ user, group, image: { build } }: Declared): string[] {
  const stage = build?.stage
  const [name = 'root', groupName = name] = stage?.user?.split(':') ?? []
  const own = { user: stage?.userIds[name] ?? name, group: stage?.groupIds[groupName] ?? groupName }
  const differs = (given: string | undefined, mine: string) =>
    given !== undefined && /^\d+$/.test(given) && /^\d+$/.test(mine) && given !== mine
  return [
    ...(differs(user, own.user) ? [`user ${user}, the image's is ${own.user}`] : []),
    ...(differs(group, own.group) ? [`group ${group}, the image's is ${own.group}`] : []),
  ]
}
