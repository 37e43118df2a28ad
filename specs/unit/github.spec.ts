import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { annotations, tellGitHub } from '../../harness/report/github.ts'
import { notStarted, threeFindings } from '../report/reports.ts'

test('a finding is annotated on the line of the file in the repository where its cause is written', () => {
  const lines = annotations(threeFindings(), '/work/repository/apps/shop', { GITHUB_WORKSPACE: '/work/repository' })
  expect(lines[0]).toBe(
    '::error file=apps/shop/chart/templates/configmap.yaml,line=14,title=parity F-3a9c1e::web refuses every request in staging with 400: ALLOWED_HOSTS does not name the host it is reached by',
  )
  expect(lines).toHaveLength(2)
})

test('an environment that did not start is annotated, in one line', () => {
  const [line, ...more] = annotations(notStarted(), '/work')
  expect(line).toMatch(/^::error title=staging could not be started::.*%0A {2}\| Traceback/)
  expect(more).toEqual([])
})

test('what the application says cannot become a command of the workflow', () => {
  const report = threeFindings()
  for (const finding of report.findings) {
    finding.sentence = 'x\n::add-path::/tmp\r\n100%'
    for (const place of finding.places) place.file = 'a,line=1::b\n::c'
  }
  for (const line of annotations(report, '/work', { GITHUB_WORKSPACE: '/work' })) {
    expect(line).not.toMatch(/[\r\n]/)
    expect(line.match(/::/g)?.length).toBeLessThanOrEqual(4)
    expect(line).toMatch(/file=a%2Cline=1%3A%3Ab%0A%3A%3Ac,line=\d+,title=.*::x%0A::add-path::\/tmp%0D%0A100%25$/)
  }
})

test('the job summary gets the report in Markdown, after what other steps have written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parity-github-'))
  try {
    const summary = join(folder, 'summary.md')
    await tellGitHub(notStarted(), '/work', { GITHUB_STEP_SUMMARY: summary })
    await tellGitHub(threeFindings(), '/work', { GITHUB_STEP_SUMMARY: summary })
    const text = await readFile(summary, 'utf8')
    expect(text).toMatch(
      /# Parity: unknown[\s\S]*staging could not be started[\s\S]*CrashLoopBackOff[\s\S]*# Parity: different/,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
