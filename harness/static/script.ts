/** The shell scripts of the project that a service starts with. */
import { runningIn } from './argv.ts'
import type { Declared } from './contract.ts'
import { type Stage, sourceOf } from './stage.ts'

export interface Script {
  /** Path in the build context. */
  file: string
  text: string
}

/** Shell scripts of the build context that the command line names, and one that stands in it: `sh -c "…"`. */
export function scriptsOf(
  declared: Declared,
  { filesIn }: { filesIn: (context: string) => Map<string, string> },
): Script[] {
  const { build } = declared.image
  return scriptsIn(runningIn(declared).argv ?? [], build?.stage, build ? filesIn(build.context) : new Map())
}

/** @param files texts of the build context, by path */
export function scriptsIn(argv: string[], stage: Stage | undefined, files: Map<string, string>): Script[] {
  const inline = inlineScript(argv)
  if (inline) return [inline]
  return argv
    .flatMap((word) => word.split(/\s+/))
    .flatMap((word) => {
      const file = (stage && inContext(files, sourceOf(stage, word))) ?? byName(files, word)
      const text = file === undefined ? undefined : files.get(file)
      return file !== undefined && text !== undefined && isShell(file, text) ? [{ file, text }] : []
    })
}

function inContext(files: Map<string, string>, path: string | undefined): string | undefined {
  return path !== undefined && files.has(path) ? path : undefined
}

/** Where nothing says how it came into the image. */
function byName(files: Map<string, string>, word: string): string | undefined {
  const path = word.replace(/^\.?\//, '')
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name === '') return undefined
  return inContext(files, path) ?? [...files.keys()].find((file) => `/${file}`.endsWith(`/${name}`))
}

function inlineScript(argv: string[]): Script | undefined {
  const at = argv.findIndex((word) => /^-\w*c$/.test(word))
  const text = at > 0 && /(^|\/)(ba|da|a|z)?sh$/.test(argv[at - 1] ?? '') ? argv[at + 1] : undefined
  // -e may stand among the shell's options: `sh -ec`.
  const stops = /e/.test(argv[at] ?? '') ? 'set -e\n' : ''
  return text === undefined ? undefined : { file: 'sh -c', text: stops + text.replace(/;(?!;)/g, '\n') }
}

/** Whether it has a framework make the tables of the database. */
export function isMigration(text: string): boolean {
  return /\bmanage\.py\s+migrate\b|\b(alembic|flask db) upgrade\b|\bdb:migrate\b|\b(prisma|knex|sequelize\S*) migrat/.test(
    text,
  )
}

/** A failed command does not end it. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set */
export function goesOnAfterFailure({ text }: Script): boolean {
  const stops = /^\s*set\s+(-\w*e|-o\s+errexit)/m.test(text) || /^#!.*\bsh\s+-\w*e/.test(text)
  return (
    !stops && commandsOf(text).filter((line) => !/&&|\|\||^exec\b/.test(line)).length > 0 && commandsOf(text).length > 1
  )
}

/** Its last command does not take its place, so that signals reach the shell and nothing else. */
export function staysBetween({ text }: Script): boolean {
  return !/(^|&&\s*|;\s*)exec\s/.test(commandsOf(text).findLast((line) => !/^(fi|done|esac|\}|;;)/.test(line)) ?? '')
}

function isShell(file: string, text: string): boolean {
  return file.endsWith('.sh') || /^#!.*\b(ba|da|a|z)?sh\b/.test(text)
}

function commandsOf(text: string): string[] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
