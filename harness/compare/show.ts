/** How a value is shown in a line. */
import type { Json } from '../model.ts'

/** JSON, cut in the middle of what is too long: both ends tell more than the beginning alone. */
export function show(value: Json | undefined, maxLength = 160): string {
  if (value === undefined) return '(absent)'
  const text = printable(JSON.stringify(value))
  if (text.length <= maxLength) return text
  const half = Math.floor((maxLength - 1) / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`
}

/** Control characters from the application would act on the reader's terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}
