/** What the documents show: blocks of code, and the commands in them. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')
/** Paths from the root. */
export const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })]

/** The contents of a page's code blocks of one language. */
export function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, of, content]) =>
    of === language ? [content as string] : [],
  )
}

/** What a reader would type, or a pipeline would run, in the page's order: first of its shells, then of its pipelines. */
export function commandsOf(page: string): string[] {
  return [...blocks(page, 'sh'), ...blocks(page, 'yaml')]
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/#.*$/, '').replace(/^\s*(?:- )?(?:run: )?/, ''))
    .flatMap((line) => line.split('&&'))
    .map((command) => command.trim())
    .filter((command) => /^(?:npm|npx) /.test(command))
}
