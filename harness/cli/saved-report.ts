/** report.json of an earlier run, also of an earlier version: what judging needs is the recording. */
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { judge } from '../compare/judge.ts'
import type { Recording, Report } from '../model.ts'
import { reportOf } from '../report/report.ts'
import { UsageError } from './exit.ts'

/** @throws UsageError when there is none, or it is none that this version can judge */
export async function savedRecording(file: string): Promise<Recording> {
  return (await read(file)).recording
}

/** As it was judged then, with what was accepted then. @throws UsageError as above */
export async function savedReport(file: string): Promise<Report> {
  const report = await read(file)
  return Array.isArray(report.results) ? report : reportOf(report.recording, judge(report.recording, []))
}

async function read(file: string): Promise<Report> {
  const text = await readFile(resolve(file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${file} cannot be read (${error.code ?? error.message}); \`parity check\` writes one into .parity/`,
    )
  })
  const report = parsed(text)
  if (report?.schemaVersion !== undefined && report.schemaVersion !== 1) {
    throw new UsageError(`${file} has schemaVersion ${JSON.stringify(report.schemaVersion)}; this version reads 1`)
  }
  const { recording } = report ?? {}
  if (!report || !recording || !Array.isArray(recording.observations) || !Array.isArray(recording.environments)) {
    throw new UsageError(`${file} is no report.json of \`parity check\`: it has no recording to judge`)
  }
  const { casualties = [], notAsked = [] } = recording as Partial<Recording>
  return { ...report, recording: { ...recording, casualties, notAsked } }
}

/** Where `parity check` has written the last one: beside parity.yaml, or where it was typed. */
export async function lastReport(project: string): Promise<string> {
  const folder = /\.ya?ml$/.test(project) ? dirname(project) : project
  const places = [...new Set([join(folder, '.parity', 'report.json'), join('.parity', 'report.json')])]
  for (const place of places) {
    if (
      await readFile(place).then(
        () => true,
        () => false,
      )
    )
      return place
  }
  throw new UsageError(`there is no ${places.join(' and no ')}; run \`parity check\` first, or name one with --report`)
}

/** Undefined for what is no JSON object. */
function parsed(text: string): Report | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Report) : undefined
  } catch {
    return undefined
  }
}
