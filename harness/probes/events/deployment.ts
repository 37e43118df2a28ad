/**
 * The same version is deployed once more; a changed value is deployed, and taken back; all is removed but the volumes,
 * and installed again.
 */
import type { ParityFile } from '../../config/schema.ts'
import type { Json, Probe, Role } from '../../model.ts'
import { inService, rolesOf } from '../inside.ts'
import { isOfTheProject } from '../proc.ts'
import { done, each, eventProbe, type Happened, type Scene, worksAgain } from './around.ts'
import { requestsDuring } from './meanwhile.ts'

export function redeployProbe(settings: ParityFile): Probe | null {
  const question = 'Is the application there, with its data, while and after the same version is deployed once more?'
  return eventProbe(settings, 'redeploy', 4, question, async (scene) => {
    const { environment, signal } = scene
    const { came, requests } = await requestsDuring(scene, () =>
      done(environment, signal, async () => {
        await environment.redeploy()
        return true
      }),
    )
    return { seen: { deployed: came, requests } }
  })
}

/** After the others: what cannot be installed again is gone for good. */
export function reinstallProbe(settings: ParityFile): Probe | null {
  const question = 'Does the application come back with its data when it is removed and installed again?'
  return eventProbe(settings, 'reinstall', 8, question, async ({ environment, signal }) => {
    const installed = await done(environment, signal, async () => {
      await environment.reinstall()
      return true
    })
    return { seen: { installed } }
  })
}

export function upgradeProbe(settings: ParityFile): Probe | null {
  const question = 'Does a changed value reach every role that has it, and does a rollback take it back?'
  return eventProbe(settings, 'upgrade', 5, question, async (scene): Promise<Happened> => {
    const { config, environment, signal } = scene
    const { impossible } = environment
    if (impossible.upgrade) return { seen: { upgraded: { $error: impossible.upgrade } } }
    const before = await variables(scene)
    const upgraded = await done(environment, signal, async () => {
      await environment.upgrade()
      return { changed: changes(before, await variables(scene)), works: await worksAgain(config, environment, signal) }
    })
    const rolledBack = await done(environment, signal, async () => {
      await environment.rollback()
      return { changed: changes(before, await variables(scene)) }
    })
    return { seen: { upgraded, rolledBack } }
  })
}

type Variables = Record<Role, Record<string, string>>

/** What each role's container gives to a program that is started in it now. */
async function variables(scene: Scene): Promise<Variables> {
  const { environment, signal } = scene
  const found: Variables = {}
  await each(scene, rolesOf(environment, 'own'), async (role) => {
    const service = environment.services[role]
    if (!service) return null
    const { stdout } = await inService(service, ['cat', '/proc/self/environ'], signal)
    const entries = stdout.split('\0').filter((entry) => entry.includes('='))
    found[role] = Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s) as [string, string]))
    return null
  })
  return found
}

/** By role, the variables that are no longer as they were, with what they are now. */
function changes(before: Variables, after: Variables): Json {
  return Object.fromEntries(
    Object.keys(after).map((role) => {
      const [was = {}, is = {}] = [before[role], after[role]]
      const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(isOfTheProject).sort()
      return [
        role,
        Object.fromEntries(names.filter((name) => was[name] !== is[name]).map((name) => [name, is[name] ?? null])),
      ]
    }),
  )
}
