/** The processes of a service from PID 1 on, and whether something stands there that starts the server anew. */
import type { Json } from '../model.ts'
import { parseArguments } from './parts.ts'

interface Process {
  pid: number
  parent: number
  /** Arguments, the program itself without its folder. */
  command: string
  /** Equal for a process and what it forked, another one for each program executed; null where it may not be read. */
  execution: string | null
  watchesFiles: boolean
}

/**
 * One line for each process, indented below its parent; equal ones below one parent are counted. The main process is
 * called so, as its arguments stand elsewhere.
 * @param printed what inside/process.sh says of each process
 */
export function describeTree(printed: string[], main: number): { tree: string[]; reloader: Json } {
  // What has no arguments has ended, and waits for its parent to notice.
  const processes = printed.map(parseProcess).filter(({ command }) => command !== '')
  return { tree: linesBelow(0, processes, main), reloader: signsOfReloader(processes) }
}

function linesBelow(parent: number, processes: Process[], main: number): string[] {
  const above = processes.find(({ pid }) => pid === parent)
  const blocks = processes
    .filter((process) => process.parent === parent)
    .map((process) => {
      const name =
        process.pid === main ? '(main)' : process.command === above?.command ? '(same command)' : process.command
      return [name, ...linesBelow(process.pid, processes, main).map((line) => `  ${line}`)].join('\n')
    })
  const counted = Map.groupBy(blocks.sort(), (block) => block)
  return [...counted].flatMap(([block, { length }]) => {
    const [first = '', ...rest] = block.split('\n')
    return [length > 1 ? `${first} × ${length}` : first, ...rest]
  })
}

/**
 * Reloaders start their own command once more and watch over it, or have the kernel tell them of changed files. A pool's
 * children have their parent's arguments too, but are forked, not executed.
 */
function signsOfReloader(processes: Process[]): string[] {
  const startsItself = processes.some(({ parent, command, execution }) => {
    const above = processes.find(({ pid }) => pid === parent)
    return above?.command === command && execution !== null && above.execution !== null && above.execution !== execution
  })
  return [
    ...(startsItself ? ['starts its own command again'] : []),
    ...(processes.some(({ watchesFiles }) => watchesFiles) ? ['watches files'] : []),
  ]
}

function parseProcess(printed: string): Process {
  const [facts = '', ...cmdline] = printed.split('\n')
  const [pid, parent, execution = '', watching] = facts.split(' ')
  return {
    pid: Number(pid),
    parent: Number(parent),
    command: withoutDescriptors(withoutFolder(parseArguments(cmdline.join('\n')).join(' '))),
    execution: execution.endsWith('-0') ? null : execution,
    watchesFiles: watching === 'watches',
  }
}

/** A program that starts itself again may know itself by its whole path: `python manage.py`, `/usr/bin/python manage.py`. */
function withoutFolder(command: string): string {
  return command.replace(/^\/\S*\//, '')
}

/** Python's multiprocessing hands its helpers the numbers of open files, which depend on what else was open. */
function withoutDescriptors(argv: string): string {
  return argv.replace(/(?<=\b\w+_(?:fd|handle)=|import main;main\()\d+/g, '<fd>')
}
