/** Images for the time of one process: their names say whose they are, so that those of a process that was killed can be found. */
import { exec } from '../exec.ts'
import { owner, ownerLives } from './ownership.ts'

const MARK = /-until-(\d+)-(\w+)-/

/** A name for a project whose images are to go with this process; nobody else takes them for those of the real project. */
export function passingName(project: string): string {
  const [, pid, startTime] = owner().split('/')
  return `${project}-until-${pid}-${startTime}`
}

/** @returns the names of what was removed */
export async function removeAbandonedImages(): Promise<string[]> {
  const [host] = owner().split('/')
  const listing = ['--format', '{{.Repository}}:{{.Tag}}', '--filter', 'reference=parity/*-until-*']
  const { stdout } = await exec(['docker', 'image', 'ls', ...listing])
  const abandoned = stdout.split('\n').filter((name) => {
    const [, pid, startTime] = MARK.exec(name) ?? []
    return pid !== undefined && !ownerLives([host, pid, startTime].join('/'))
  })
  // One that another run has just removed, or a container still uses, is not worth failing for.
  if (abandoned.length) await exec(['docker', 'image', 'rm', ...abandoned], { accept: 'any' })
  return abandoned
}
