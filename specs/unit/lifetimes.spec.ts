import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { parseLifetimes, startedAnew } from '../../harness/probes/lifetimes.ts'

const server = ['1 100 manage.py runserver', '7 140 manage.py runserver', '9 150 sh -c sleep 1']

function seen(...lines: string[]) {
  return parseLifetimes(lines.join('\n'))
}

describe('a process has started anew', () => {
  test.each([
    ['a child was replaced', ['1 100 manage.py runserver', '12 900 manage.py runserver'], true],
    ['its id came round again', ['1 100 manage.py runserver', '7 900 manage.py runserver'], true],
    ['nothing has happened', server, false],
    ['it is gone', ['1 100 manage.py runserver'], false],
    ['there is one more of it', [...server, '12 900 manage.py runserver'], false],
    ['another program took its place', ['1 100 manage.py runserver', '12 900 python -m pdb'], false],
  ])('%s: %s', (_, after, expected) => {
    expect(startedAnew(seen(...server), seen(...after))).toBe(expected)
  })

  test('as the script sees it', async () => {
    const script = readFileSync(new URL('../../harness/probes/inside/lifetimes.sh', import.meta.url), 'utf8')
    const lines = (await exec(['sh', '-s'], { input: script })).stdout.split('\n')
    expect(lines[0]).toMatch(/^1 \d+ \S/)
    expect(lines.filter((line) => !/^\d+ \d+ /.test(line))).toEqual([])
  })
})
