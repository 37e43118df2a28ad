/** Each database and broker goes away and comes back: what does the application say meanwhile, and who recovers? */
import type { ParityFile } from '../../config/schema.ts'
import type { Instance, Json, Probe, Role } from '../../model.ts'
import { observed } from '../error.ts'
import { restartCount } from '../health.ts'
import { rolesOf } from '../inside.ts'
import { hasMark, leaveMark } from '../redis.ts'
import { done, each, eventProbe, type Scene, settles, worksAgain } from './around.ts'

/** A health page that asks its dependencies notices at once; one that waits for a connection to time out needs longer. */
const NOTICED_WITHIN_SECONDS = 15

export function dependenciesProbe(settings: ParityFile): Probe | null {
  const question = 'What does the application say while a database or broker is gone, and does every role recover?'
  return eventProbe(settings, 'dependencies', 3, question, async (scene) => {
    const seen: { [role: Role]: Json } = {}
    for (const role of rolesOf(scene.environment, 'others')) seen[role] = await outage(scene, role)
    return { seen: { outages: seen } }
  })
}

async function outage(scene: Scene, role: Role): Promise<Json> {
  const { config, environment, signal } = scene
  return done(environment, signal, async () => {
    const own = rolesOf(environment, 'own')
    const before = await instancesOf(scene, own)
    const isRedis = role === config.data?.redis?.role
    const marked = isRedis && (await observed(() => leaveMark(environment, role, signal)))
    await environment.stop(role)
    const noticed = await settles(config, environment, signal, {
      // A platform that takes it out of service because of its health page says no less.
      until: (status) => status === 'refused' || status >= 500,
      withinSeconds: NOTICED_WITHIN_SECONDS,
    })
    await environment.start(role)
    const works = await worksAgain(config, environment, signal)
    const survived = await survivors(scene, own, before)
    // Tasks that wait in a broker without a memory are lost with it.
    const keepsKeys = marked === true ? await observed(() => hasMark(environment, role, signal)) : marked
    return { isNoticed: noticed === true, works, survived, ...(isRedis && { keepsKeys }) }
  })
}

/** A role has survived when it runs and was not started anew meanwhile. */
async function survivors(scene: Scene, roles: Role[], before: Record<Role, Instance[]>): Promise<Json> {
  const after = await instancesOf(scene, roles)
  return Object.fromEntries(
    roles.map((role) => {
      const runs = after[role]?.length !== 0 && after[role]?.every(({ running }) => running)
      return [role, runs === true && restartCount(after[role] ?? []) === restartCount(before[role] ?? [])]
    }),
  )
}

async function instancesOf(scene: Scene, roles: Role[]): Promise<Record<Role, Instance[]>> {
  const found: Record<Role, Instance[]> = {}
  await each(scene, roles, async (role) => {
    found[role] = await scene.environment.instances(role)
    return null
  })
  return found
}
