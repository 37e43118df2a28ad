/** A source file is saved, as by somebody at work on it: who sees it that has it mounted? */
import { stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { equal } from '../../compare/json.ts'
import type { Events, ParityFile } from '../../config/schema.ts'
import type { Json, Mount, Probe, Role } from '../../model.ts'
import { DeadlineError, waitFor } from '../../poll.ts'
import { ObservableError, observed } from '../error.ts'
import { find, rolesOf } from '../inside.ts'
import { lifetimesOf, startedAnew } from '../lifetimes.ts'
import { messageOf } from '../message.ts'
import { send } from '../request.ts'
import { done, eventProbe, type Scene } from './around.ts'

type EditedFile = NonNullable<Events['edit']>['files'][number]

/** Where nothing is mounted there is nothing to edit, and so nobody who fails to notice. */
export function editProbe(settings: ParityFile): Probe | null {
  if (!settings.events?.edit) return null
  const { files, withinSeconds } = settings.events.edit
  const question = 'Does every role that mounts a source file notice when the file is edited?'
  return eventProbe(settings, 'edit', 7, question, async (scene) => {
    const edited: { [path: string]: Json } = {}
    for (const file of files) {
      edited[file.path] = await done(scene.environment, scene.signal, async () => {
        const unaware = await edit(file, withinSeconds, scene)
        return unaware.length ? `not noticed by ${unaware.sort().join(', ')}` : 'noticed wherever it is mounted'
      })
    }
    return { seen: { edited } }
  })
}

/** @returns the roles that have the file mounted and did not notice */
async function edit(file: EditedFile, withinSeconds: number, scene: Scene): Promise<Role[]> {
  const { environment } = scene
  const asked = file.request ? [file.request.role] : rolesOf(environment, 'own')
  const places = await Promise.all(
    asked.map(async (role) => ({ role, host: onThisMachine(file.path, await environment.mounts(role)) })),
  )
  const mounted = places.flatMap(({ role, host }) => (host ? [{ role, host }] : []))
  const marks = await Promise.all(mounted.map(({ role }) => signOf(role, file, scene)))
  const saved = await Promise.all([...new Set(mounted.map(({ host }) => host))].map(save))
  try {
    const noticed = await Promise.all(marks.map((mark) => within(withinSeconds, mark, scene.signal)))
    return mounted.flatMap(({ role }, index) => (noticed[index] ? [] : [role]))
  } finally {
    await Promise.all(saved.map((undo) => undo()))
  }
}

function onThisMachine(path: string, mounts: Mount[]): string | undefined {
  const within = mounts.filter((mount) => path === mount.path || path.startsWith(`${mount.path}/`))
  const innermost = within.sort((one, other) => other.path.length - one.path.length)[0]
  return innermost && join(innermost.host, path.slice(innermost.path.length))
}

/** What tells of a change: the answer to a request, or else a process that has started anew. @returns whether there is one */
async function signOf(
  role: Role,
  { request }: EditedFile,
  { config, environment, signal }: Scene,
): Promise<() => Promise<boolean>> {
  if (request) {
    const ask = async () => {
      const { status, body } = await send(messageOf(request, config.http?.headers ?? {}, { environment }), { signal })
      return { status, body: body.toString() }
    }
    const before = await ask()
    return async () => !equal(await ask(), before)
  }
  const look = () => lifetimesOf(find(environment, role), signal)
  const before = await look()
  return async () => startedAnew(before, await look())
}

/** Nothing is written into what is the project's: only the time of its last change is another one, for a while. */
async function save(file: string): Promise<() => Promise<void>> {
  const { atime, mtime } = await stat(file).catch(() => {
    throw new ObservableError('the file is mounted but is not on this machine')
  })
  const now = new Date()
  await utimes(file, now, now)
  return () => utimes(file, atime, mtime)
}

async function within(seconds: number, noticed: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  return waitFor({
    what: 'an edit to be noticed',
    withinSeconds: seconds,
    everySeconds: 0.5,
    signal,
    // While it starts anew a service does not answer.
    check: async () => (await observed(noticed)) === true || undefined,
  }).catch((error) => {
    if (error instanceof DeadlineError) return false
    throw error
  })
}
