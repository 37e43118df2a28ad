/** Writes the reports into the output folder. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeEvidence } from '../evidence/write.ts'
import type { Report } from '../model.ts'
import { page } from './html/page.ts'
import { markdown } from './markdown.ts'

const FILES = ['report.json', 'report.md', 'report.html']

/** Takes away the reports and the evidence of an earlier run, so that nobody takes them for those of a run that got none. */
export async function removeReports(folder: string): Promise<void> {
  await Promise.all([removeEvidence(folder), ...FILES.map((name) => rm(join(folder, name), { force: true }))])
}

/** @returns the paths that were written, report.json first */
export async function writeReports(report: Report, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.md': markdown(report),
    'report.html': page(report),
  }
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)))
  return Object.keys(files).map((name) => join(folder, name))
}
