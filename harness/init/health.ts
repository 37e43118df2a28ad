/** Paths that a project itself asks to see whether it is well. */

/** The path of the first URL in a command: `curl -f http://localhost:8000/health`. */
export function pathIn(command: string[]): string | undefined {
  const path = /https?:\/\/[\w.:[\]-]+(\/[^\s'"`)|;&]*)/.exec(command.join(' '))?.[1]
  return path && !/[${}\\]/.test(path) ? path : undefined
}
