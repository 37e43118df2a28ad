import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'
import { demandBetween, parseLifetimes, startedAnew } from '../../harness/probes/lifetimes.ts'

const server = [
  '1 100 5000000000 manage.py runserver',
  '7 140 5000000000 manage.py runserver',
  '9 150 5000000000 sh -c sleep 1',
]

function seen(...lines: string[]) {
  return parseLifetimes(lines.join('\n'))
}

describe('a service', () => {
  test.each([
    ['a child was replaced', ['1 100 5000000000 manage.py runserver', '12 900 5000000000 manage.py runserver'], true],
    ['its id came round again', ['1 100 5000000000 manage.py runserver', '7 900 5000000000 manage.py runserver'], true],
    ['nothing has happened', server, false],
    ['it is gone', ['1 100 5000000000 manage.py runserver'], false],
    ['there is one more of it', [...server, '12 900 5000000000 manage.py runserver'], false],
    [
      'another program took its place',
      ['1 100 5000000000 manage.py runserver', '12 900 5000000000 python -m pdb'],
      false,
    ],
  ])('has started anew when %s: %s', (_, after, expected) => {
    expect(startedAnew(seen(...server), seen(...after))).toBe(expected)
  })

  test('wants as much of a processor as its processes have run or waited', () => {
    const later = server.map((line) => line.replace(' 5000000000 ', ' 6500000000 '))
    expect(demandBetween(seen(...server), seen(...later), 3)).toBe(1.5)
    expect(demandBetween(seen(...server), seen(...server.slice(1)), 3)).toBe(Number.POSITIVE_INFINITY)
  })

  test('as the script sees it', async () => {
    const script = readFileSync(new URL('../../harness/probes/inside/lifetimes.sh', import.meta.url), 'utf8')
    const withLineBreak = spawn('sh', ['-c', 'read _\n: done'])
    const lines = (await exec(['sh', '-s'], { input: script })).stdout.split('\n')
    withLineBreak.kill()
    expect(lines[0]).toMatch(/^1 \d+ \d+ \S/)
    expect(lines).toContainEqual(expect.stringMatching(/^\d+ \d+ \d+ sh -c read _ : done $/))
    expect(lines.filter((line) => !/^\d+ \d+ \d+ /.test(line))).toEqual([])
  })
})
