import type { Contract, Declared } from '../contract.ts'
import { byRole, type Project, type Question, variablesIn } from './question.ts'

export const volumes: Question = {
  name: 'static/volumes',
  question: 'What outlives a container, who shares it, and what is laid over the image?',
  ask: (contract, project) => ({
    roles: byRole(contract, project.ownRoles, (declared) => ({
      kept: kept(declared, contract, project),
      overImage: overImage(declared, project),
    })),
    ...storage(contract),
  }),
}

/** Targets of lasting volumes, each with the roles that have the same one. */
function kept({ mounts }: Declared, { roles }: Contract, { ownRoles }: Project): { [target: string]: string[] } {
  const sharing = (source: string) =>
    ownRoles
      .filter((role) => roles[role]?.mounts.some((mount) => mount.type === 'volume' && mount.source === source))
      .sort()
  const lasting = mounts.filter(({ type }) => type === 'volume')
  return Object.fromEntries(lasting.map(({ target, source }) => [target, sharing(source)]))
}

/**
 * Folders of this machine over what the image holds: what .dockerignore keeps out of the image is there all the same.
 * The lines of .dockerignore, not the files: a checkout can hold anything.
 */
function overImage({ mounts, image: { build } }: Declared, { filesIn }: Project): { [name: string]: string[] } {
  if (!build) return { folders: [], notInTheImage: [] }
  const bound = mounts.filter(({ type, source }) => type === 'bind' && isWithin(source, build.context))
  const lines = (filesIn(build.context).get('.dockerignore') ?? '').split('\n').map((line) => line.trim())
  return {
    folders: bound.map(({ target }) => target).sort(),
    notInTheImage: bound.length ? lines.filter((line) => line !== '' && !line.startsWith('#')) : [],
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function storage({ roles }: Contract): { [fault: string]: string[] } {
  const where = (holds: (declared: Declared) => boolean) =>
    Object.entries(roles)
      .filter(([, declared]) => holds(declared))
      .map(([role]) => role)
  return {
    // initdb refuses a folder that is not empty, and a volume of its own file system holds lost+found:
    // https://hub.docker.com/_/postgres (PGDATA)
    dataAtTheRootOfAVolume: where((declared) =>
      declared.mounts.some(
        ({ target, type, outlives }) => type === 'volume' && outlives !== undefined && target === dataFolder(declared),
      ),
    ),
    // https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
    rolledOnASingleNodeVolume: where(
      ({ overlaps, mounts }) => overlaps && mounts.some(({ singleNode }) => singleNode === true),
    ),
  }
}

/** Where PostgreSQL keeps its data; undefined for everything else. */
function dataFolder(declared: Declared): string | undefined {
  const { PGDATA } = variablesIn(declared)
  return (
    PGDATA?.value ??
    (/(^|\/)postgres(ql)?([:@]|$)/.test(declared.image.reference) ? '/var/lib/postgresql/data' : undefined)
  )
}
