/** Troubles that have one cause, put together. Two belong together when any rule gives them the same key. */
import type { Json } from '../../model.ts'
import { canonical, isError } from '../json.ts'
import { renamed } from './renamed.ts'
import { direction, isAddedByPlatform, isSettingsModule, lacksRole, type Trouble } from './trouble.ts'

/** Facts of one process: who changes how it is started changes several of them. */
const PROCESS_FACTS = ['argv', 'wrappers', 'user', 'listening', 'directory', 'reachable', 'tree', 'reloader']

export function grouped(troubles: Trouble[]): Trouble[][] {
  const groups: { members: Trouble[]; keys: Set<string> }[] = []
  const cascades = cascadesIn(troubles)
  const renamedOnes = new Set(renamed(troubles).flat())
  const lackingRoles = new Set(troubles.filter(lacksRole).map(({ role }) => role))
  for (const trouble of troubles) {
    const own = renamedOnes.has(trouble) ? [key('renamed', trouble.probe)] : keysOf(trouble)
    const lacking = lackingRoles.has(trouble.role) ? [key('role', trouble.role)] : []
    const keys = new Set([...own, ...lacking, ...(cascades.get(trouble) ?? [])])
    const touched = groups.filter((group) => [...keys].some((key) => group.keys.has(key)))
    const [first] = touched
    if (!first) {
      groups.push({ members: [trouble], keys })
      continue
    }
    for (const other of touched.slice(1)) {
      first.members.push(...other.members)
      for (const key of other.keys) first.keys.add(key)
      groups.splice(groups.indexOf(other), 1)
    }
    first.members.push(trouble)
    for (const key of keys) first.keys.add(key)
  }
  return groups.map(({ members }) => members)
}

/** The rules. None of them knows a project, and each speaks of every probe that has such places. */
function keysOf(trouble: Trouble): string[] {
  const { probe, family, tokens, shape, answer, reference, candidate, role, reason } = trouble
  const values = [canonical(reference ?? '(absent)'), canonical(candidate ?? '(absent)')]
  return [
    // What cannot be told for one reason: a service that died, a probe that failed.
    ...(trouble.isWhole ? [key('whole', reason)] : []),
    // All that differs in one answer.
    ...(answer !== undefined ? [key('answer', probe, answer)] : []),
    // The same place of several roles, with the same values.
    key('roles', probe, ...shape, ...values),
    // The same part of several answers, with the same values.
    ...(answer !== undefined && tokens.length > 1 ? [key('part', ...tokens.slice(1), ...values)] : []),
    // Answers of one role that all come to the same refusal.
    ...(answer !== undefined && tokens[1] === 'status' && isRefusal(candidate) ? [key('status', role, candidate)] : []),
    // The same error, wherever it was met.
    ...(isError(candidate) && !isError(reference) ? [key('error', candidate.$error)] : []),
    ...siblings(trouble),
    ...(isSettingsModule(trouble) ? [key('settings module')] : []),
    ...(family === 'packages' ? [key('packages')] : []),
    ...(family === 'process' && PROCESS_FACTS.includes(tokens[1] ?? '') ? [key('process', tokens[0])] : []),
    // What an event leads to.
    ...(family === 'event' ? [key('event', probe)] : []),
  ]
}

/**
 * What one place has more or less of than the other side, together: variables, packages, migrations, tasks. What the
 * platform adds by itself is not one of them.
 */
function siblings(trouble: Trouble): string[] {
  const { probe, pointer, candidate } = trouble
  // Errors are told apart by what they say.
  if (isError(candidate)) return []
  if (direction(trouble) === 'changed' && isNamedSettings(trouble)) return []
  const by = isAddedByPlatform(trouble) ? 'platform' : 'project'
  return [key('siblings', probe, pointer.slice(0, pointer.lastIndexOf('/')), direction(trouble), by)]
}

/** Later steps of a journey fail when an earlier one does: from the first step without its answer, they are one story. */
function cascadesIn(troubles: Trouble[]): Map<Trouble, string[]> {
  const cascades = new Map<Trouble, string[]>()
  for (const probe of new Set(troubles.filter(({ family }) => family === 'journey').map(({ probe }) => probe))) {
    const steps = troubles.filter((trouble) => trouble.probe === probe && trouble.answer !== undefined)
    const broken = steps.filter(
      ({ tokens, candidate, reference }) => tokens[1] === 'status' || isError(candidate) || isError(reference),
    )
    const from = Math.min(...broken.map(({ answerIndex }) => answerIndex))
    for (const trouble of steps.filter(({ answerIndex }) => answerIndex >= from))
      cascades.set(trouble, [key('journey', probe)])
  }
  return cascades
}

/** Members that mean something each by itself: two variables of other values are two matters. */
function isNamedSettings({ family, shape }: Trouble): boolean {
  return family === 'settings' || shape.includes('environment')
}

function isRefusal(status: Json | undefined): boolean {
  return typeof status === 'number' && status >= 400
}

function key(...parts: (Json | undefined)[]): string {
  return JSON.stringify(parts.map((part) => part ?? null))
}
