/** Which folders the main process's user may write to. */
import type { Json } from '../model.ts'
import type { Parts } from './parts.ts'

type Paths = { [path: string]: string }

/**
 * `writable`, `read-only` or `absent`: the working directory, home, those that programs count on, and what the project
 * mounts. Mounted at or below the working directory is the code of whoever develops it, whose files have the owner that
 * they have on that machine: of these it is only told that they are `mounted`.
 */
export function describePaths(parts: Parts, directory: Json): { [path: string]: Json } {
  const volumes = parsePaths(parts.text('volumes'))
  const code = Object.keys(volumes).filter((path) => directory !== '/' && isWithin(path, String(directory)))
  const state = ([path = '', state]: [path: string, state: string] | []): Json =>
    code.some((folder) => isWithin(path, folder)) ? 'mounted' : (state ?? null)
  const single = (content: string) => state(Object.entries(parsePaths(content))[0] ?? [])
  const mounted = Object.entries(volumes).filter(([path]) => path !== directory)
  return {
    'working directory': code.includes(String(directory)) ? 'mounted' : parts.read('workingDirectory', single),
    home: parts.read('home', single),
    ...Object.fromEntries(mounted.map((entry) => [entry[0], state(entry)])),
    ...parts.read('paths', parsePaths),
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function parsePaths(content: string): Paths {
  const lines = content.split('\n').filter(Boolean)
  return Object.fromEntries(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]))
}
