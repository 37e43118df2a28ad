/** Names on the command line, held against those that there are. */
import { type Command, InvalidArgumentError } from 'commander'
import { didYouMean } from '../config/nearest.ts'

/** For an option whose value is names separated by commas. */
export function list(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.some((name) => name === '')) throw new InvalidArgumentError('Give names separated by commas.')
  return names
}

/** Ends with exit code 2 and one line when a given name is none of the known ones. */
export function refuseUnknown(command: Command, option: string, given: string[] | undefined, known: string[]): void {
  const unknown = given?.filter((name) => !known.includes(name)) ?? []
  const [first] = unknown
  if (first === undefined) return
  const meant = unknown.length === 1 ? didYouMean(first, known) : ''
  command.error(`error: ${option}: no ${unknown.join(', ')} here; there are ${known.join(', ')}${meant}`, {
    exitCode: 2,
  })
}
