/** Writes the reports into the output folder. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../model.ts'
import { markdown } from './markdown.ts'

/** @returns the paths that were written, report.json first */
export async function writeReports(report: Report, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = { 'report.json': `${JSON.stringify(report, null, 2)}\n`, 'report.md': markdown(report) }
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)))
  return Object.keys(files).map((name) => join(folder, name))
}
