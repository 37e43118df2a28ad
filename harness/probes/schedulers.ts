/** How many schedulers run: beat by itself, and within workers that were started with `-B`. */

interface Process {
  id: number
  parent: number
  args: string[]
}

export interface Schedulers {
  /** Processes of beat and nothing else. */
  alone: number
  /** Within workers. */
  embedded: number
}

/** @param output what inside/processes.sh prints */
export function countSchedulers(output: string): Schedulers {
  const processes = new Map(parse(output).map((process) => [process.id, process]))
  /** A pool's processes share their worker's arguments, and a reloader's those of what it starts. */
  const isBelowAnother = ({ parent }: Process): boolean => {
    const above = processes.get(parent)
    return above !== undefined && (isScheduler(above) || isBelowAnother(above))
  }
  const found = [...processes.values()].filter((process) => isScheduler(process) && !isBelowAnother(process))
  const embedded = found.filter(isWorker).length
  return { alone: found.length - embedded, embedded }
}

function parse(output: string): Process[] {
  return output.split('\x1e').flatMap((text) => {
    const [ids = '', args = ''] = text.split('\x1f')
    const [id, parent] = ids.split(' ').map(Number)
    return id && parent !== undefined ? [{ id, parent, args: words(args) }] : []
  })
}

/** With setproctitle, Celery's processes tell all they are in one argument: `[celery beat] --app=config beat`. */
function words(args: string): string[] {
  const lines = args.split('\n').filter(Boolean)
  return lines[0]?.startsWith('[celery')
    ? lines
        .join(' ')
        .split(/[\s()[\]]+/)
        .filter(Boolean)
    : lines
}

function isScheduler(process: Process): boolean {
  const { args } = process
  if (args.some((arg) => COMMAND_OF_THE_PROJECT.test(arg))) return true
  if (!args.some((arg) => CELERY.test(arg))) return false
  return isWorker(process) ? args.includes('-B') || args.includes('--beat') : args.includes('beat')
}

function isWorker({ args }: Process): boolean {
  return args.includes('worker')
}

const CELERY = /(^|\/)celeryd?:?$/
/** `manage.py celery_beat`, `./celery-beat.sh`: what it starts, if anything, stands below it. */
const COMMAND_OF_THE_PROJECT = /(^|\/)celery[-_]?beat(\.(sh|py))?$/
