/** What the parts of the page are made of. Whatever stands in `${…}` is escaped. */
import type { VNode } from 'preact'

export { html } from 'htm/preact'
export type Markup = VNode | VNode[] | null

/** Values that only mean something in one report: cut, with what was left out said. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  return `${text.slice(0, maxLength)}… (${text.length - maxLength} more characters stand in report.json)`
}

/** `1 finding`, `3 findings` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** `0.4 s`, `41 s`, `2 min 5 s` */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
