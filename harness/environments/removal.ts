/** Removing what belongs to an environment, found by its labels. */
import { waitFor } from '../poll.ts'
import { docker, removeContainer } from './docker.ts'
import { type Abandoned, ENVIRONMENT_LABEL, isAbandoned, OWNER_LABEL } from './ownership.ts'

const REMOVAL_LIMIT_SECONDS = 60

/**
 * Removes the containers, networks and volumes of one environment, or of all that nobody is using.
 * @returns the names of what was removed
 */
export async function remove(whose: { environmentId: string } | Abandoned): Promise<string[]> {
  const removed = new Set<string>()
  await waitFor({
    what: `the remains of ${typeof whose === 'string' ? `${whose} runs` : whose.environmentId} to be gone`,
    withinSeconds: REMOVAL_LIMIT_SECONDS,
    lastSeen: () => [...removed].join(', '),
    check: async () => {
      // What is still in use, or already being removed, is seen again in the next round.
      const { containers, others } = await belongings(whose)
      await Promise.all(containers.map(({ remove }) => remove().catch(unlessBusyOrGone)))
      await Promise.all(others.map(({ remove }) => remove().catch(unlessBusyOrGone)))
      for (const { name } of [...containers, ...others]) removed.add(name)
      return containers.length + others.length === 0 || undefined
    },
  })
  return [...removed]
}

interface Belonging {
  name: string
  remove: () => Promise<unknown>
}

async function belongings(whose: { environmentId: string } | Abandoned) {
  const engine = await docker()
  const label = typeof whose === 'string' ? OWNER_LABEL : `${ENVIRONMENT_LABEL}=${whose.environmentId}`
  const filters = { label: [label] }
  const wanted = ({ Labels }: { Labels?: Record<string, string> }) =>
    typeof whose !== 'string' || isAbandoned(Labels?.[OWNER_LABEL] ?? '', whose)
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ])
  const others: Belonging[] = [
    ...networks.filter(wanted).map(({ Id, Name }) => ({ name: Name, remove: () => engine.getNetwork(Id).remove() })),
    ...(volumes.Volumes ?? [])
      .filter(wanted)
      .map(({ Name }) => ({ name: Name, remove: () => engine.getVolume(Name).remove() })),
  ]
  return {
    containers: containers.filter(wanted).map(({ Id, Names }): Belonging => {
      return { name: Names[0] ?? Id, remove: () => removeContainer(Id) }
    }),
    others,
  }
}

function unlessBusyOrGone(error: { statusCode?: number; message: string }): void {
  const busyOrGone = error.statusCode === 404 || error.statusCode === 409 || /active endpoints/.test(error.message)
  if (!busyOrGone) throw error
}
