import { runningIn } from '../argv.ts'
import type { Contract, Declared } from '../contract.ts'
import { goesOnAfterFailure, isMigration, scriptsOf } from '../script.ts'
import { byRole, type Project, type Question } from './question.ts'

export const order: Question = {
  name: 'static/order',
  question: 'Is the database migrated before anything uses it, and once?',
  ask: (contract, project) => {
    const { roles, tasks } = contract
    const migrating = Object.entries(tasks).filter(([, task]) => migrates(task, project))
    const inRoles = Object.entries(roles).filter(([, role]) => role.before.some(isMigration) || migrates(role, project))
    const dockerfiles = [...migrating, ...inRoles].map(([, { image }]) => image.build?.dockerfile)
    const concerned = project.ownRoles.filter((role) => dockerfiles.includes(roles[role]?.image.build?.dockerfile))
    return {
      migrated: migrating.length + inRoles.length > 0,
      // Helm waits for the roles to be ready before: https://helm.sh/docs/topics/charts_hooks/
      migratedAfterTheStart: migrating.filter(([, { when }]) => when === 'after').map(([name]) => name),
      migratedByEachReplica: inRoles.filter(([, { replicas }]) => replicas > 1).map(([role]) => role),
      migrationsThatGoOnAfterAFailure: migrating
        .filter(([, task]) => scriptsOf(task, project).some(goesOnAfterFailure))
        .map(([name]) => name),
      scheduledTwice: scheduledTwice(contract, project),
      startsBeforeTheMigration: Object.keys(byRole(contract, concerned, () => true)).filter(
        (role) => !waits(roles[role] as Declared, contract, project),
      ),
    }
  },
}

function migrates(declared: Declared, project: Project): boolean {
  const words = (runningIn(declared).argv ?? []).join(' ')
  return isMigration(words) || scriptsOf(declared, project).some(({ text }) => isMigration(text))
}

function waits(declared: Declared, contract: Contract, project: Project): boolean {
  // What an init container waits for only its words tell.
  if (declared.before.some((text) => /migrat/i.test(text)) || migrates(declared, project)) return true
  if (Object.values(contract.tasks).some((task) => task.when === 'before' && migrates(task, project))) return true
  return needsOf(declared, contract).some(
    (needed) => /migrat/i.test(needed) || needsMigration(needed, contract, project),
  )
}

function needsMigration(name: string, { tasks, roles }: Contract, project: Project): boolean {
  const needed = tasks[name] ?? roles[name]
  return needed !== undefined && (migrates(needed, project) || needed.before.some(isMigration))
}

/** Directly or by way of others. */
function needsOf({ needs }: Declared, contract: Contract, seen: string[] = []): string[] {
  return needs
    .filter((name) => !seen.includes(name))
    .flatMap((name) => {
      const next = contract.tasks[name] ?? contract.roles[name]
      return [name, ...(next ? needsOf(next, contract, [...seen, ...needs]) : [])]
    })
}

/** Each scheduler sends every task: https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler */
function scheduledTwice({ roles }: Contract, { scheduler }: Project): string[] {
  return Object.entries(roles)
    .filter(([role, declared]) => {
      const words = (runningIn(declared).argv ?? []).join(' ')
      const schedules = role === scheduler || /\bcelery\b.*\bbeat\b|\bcelery\b.*\bworker\b.*\s(-B|--beat)\b/.test(words)
      return schedules && (declared.replicas > 1 || declared.overlaps)
    })
    .map(([role]) => role)
}
