import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parity } from '../../harness/config/schema.ts'
import { exec } from '../../harness/exec.ts'
import { blocks, commandsOf, pages, root } from './documents.ts'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

const commands = pages.flatMap((page) => commandsOf(page).map((command) => ({ page, command })))
const verbs = commands.flatMap(({ page, command }) => {
  const words = /^(?:npx|npm run) parity (?:-- )?(.+)$/.exec(command)?.[1]?.split(/\s+/)
  return words ? [{ page, command, words }] : []
})
/** Every verb and option is in what makes a shell complete them. */
const { stdout: completion } = await exec([process.execPath, 'harness/cli/main.ts', 'completion', 'fish'])

describe('the documents', () => {
  test('there are commands to check', () => {
    expect(new Set(commands.map(({ page }) => page)).size).toBeGreaterThan(6)
    expect(verbs.length).toBeGreaterThan(20)
  })

  test.each(verbs)('$page: `$command` is a command with these options', ({ words: [verb, ...rest] }) => {
    expect(completion).toContain(` -a ${verb} `)
    for (const option of rest.filter((word) => word.startsWith('--'))) {
      expect(completion).toContain(`from ${verb}' -l ${option.slice(2)} `)
    }
  })

  test.each(commands)('$page: what `$command` runs is there', ({ command }) => {
    const [runner, ...words] = command.split(/\s+/)
    if (runner === 'npx') expect(['parity', 'vitest']).toContain(words[0])
    else if (words[0] === 'run') expect(Object.keys(scripts)).toContain(words[1])
    else expect(['start', 'test', 'ci', 'install']).toContain(words[0])
  })

  const files = pages.flatMap((page) =>
    blocks(page, 'yaml')
      .filter((block) => /^version: 1$/m.test(block))
      .map((block) => ({ page, block })),
  )

  test.each(files)('$page: its parity.yaml has the shape of one', ({ block }) => {
    expect(parity.safeParse(parse(block)).error?.issues ?? []).toEqual([])
  })

  test.each(pages)('%s links to files that exist', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target as string)
    const missing = targets.filter((target) => globSync(join(page, '..', target), { cwd: root }).length === 0)
    expect(missing).toEqual([])
  })
})
