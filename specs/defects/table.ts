/** The scores of a run, for people and for machines. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Defect, defects } from './defect.ts'
import type { Score } from './score.ts'

const COLUMNS = [
  'id',
  'title',
  'in',
  'question',
  'by behaviour',
  'by reading',
  'cried wolf',
  'findings',
  'seconds',
  'first line',
]

/** `.parity/defects.json` and `.parity/defects.md`. */
export function write(scores: Score[], folder: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'defects.json'), `${JSON.stringify(scores, null, 2)}\n`)
  writeFileSync(join(folder, 'defects.md'), `# Planted defects\n\n${table(scores)}\n\n${closing(scores).join('\n')}\n`)
}

export function table(scores: Score[]): string {
  const rows = scores.map((score) => [
    score.id,
    score.title,
    score.environment,
    questionOf(score.id),
    score.behaviour,
    score.reading,
    String(score.beside.length || '—'),
    String(score.findings),
    String(Math.round(score.seconds)),
    cut(score.sentence),
  ])
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows].map(line).join('\n')
}

/** The score in a few lines, and every miss. */
export function closing(scores: Score[]): string[] {
  const planted = scores.filter(({ id }) => !isEquivalent(id))
  const equivalent = scores.filter(({ id }) => isEquivalent(id))
  const readable = planted.filter(({ reading }) => reading !== '—')
  const isSeen = ({ behaviour }: Score) => behaviour === 'detected'
  const missed = planted.filter((score) => !isSeen(score))
  const wolves = scores.filter(({ beside }) => beside.length)
  return [
    `Defects found by behaviour alone: ${share(planted, isSeen)}, with ${median(planted)} finding(s) each (median).`,
    `Defects found by reading alone, of those that can be: ${share(readable, ({ reading }) => reading === 'detected')}.`,
    `Changes that change nothing, found to be the same: ${share(equivalent, ({ behaviour }) => behaviour === 'same')}.`,
    `Runs that reported something beside the defect and its consequences: ${wolves.length} of ${scores.length}.`,
    ...missed.map(({ id, title, sentence }) => `Missed ${id}, ${title}: ${cut(reasonOf(id) ?? sentence)}`),
  ]
}

/** The probe that must tell; `start` where the environment cannot be started at all. */
function questionOf(id: string): string {
  const expected = defectOf(id)?.expect
  return typeof expected === 'object' ? ('probe' in expected ? expected.probe : 'start') : '—'
}

function reasonOf(id: string): string | undefined {
  return defectOf(id)?.missed
}

function defectOf(id: string): Defect | undefined {
  return defects.find((defect) => defect.id === id)
}

function isEquivalent(id: string): boolean {
  return id.startsWith('equivalent')
}

function share(scores: Score[], counts: (score: Score) => boolean): string {
  const counted = scores.filter(counts).length
  return `${counted} of ${scores.length}${scores.length ? ` (${Math.round((100 * counted) / scores.length)} %)` : ''}`
}

function median(scores: Score[]): number {
  return scores.map(({ findings }) => findings).toSorted((a, b) => a - b)[Math.floor(scores.length / 2)] ?? 0
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

function line(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
