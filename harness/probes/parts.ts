/** What inside/process.sh printed, part by part. */
import type { Json } from '../model.ts'
import { ObservableError } from './error.ts'

interface Part {
  name: string
  content: string
  exitCode: number
}

export interface Parts {
  /** Of every part of that name that could be read. */
  all(name: string): string[]
  /** What `parse` makes of a part; an error in its place where it could not be read. */
  read<T extends Json>(name: string, parse: (content: string) => T): T | { $error: string }
  /** Empty when it could not be read. */
  text(name: string): string
}

/** @throws ObservableError when the script did not come to its end */
export function partsOf(output: string): Parts {
  const parts = output.split('\x1e').slice(1).map(parsePart)
  if (!parts.some(({ name }) => name === 'tcp')) throw new ObservableError('the script that reads /proc broke off')
  const all = (name: string) => parts.filter((part) => part.name === name && part.exitCode === 0)
  const text = (name: string) => all(name)[0]?.content
  return {
    all: (name) => all(name).map(({ content }) => content),
    read: (name, parse) => {
      const content = text(name)
      return content === undefined ? { $error: `${name} of the main process cannot be read` } : parse(content)
    },
    text: (name) => text(name) ?? '',
  }
}

/** A process that gives itself a title leaves the rest of its arguments empty. */
export function parseArguments(cmdline: string): string[] {
  return cmdline.replace(/\0+$/, '').split('\0')
}

function parsePart(text: string): Part {
  const [name = '', content = '', exitCode = ''] = text.split('\x1f')
  return { name, content, exitCode: Number.parseInt(exitCode, 10) }
}
