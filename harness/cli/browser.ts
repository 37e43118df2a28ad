/** Showing something in a person's browser. */
import { exec } from '../exec.ts'

/** Opens a URL or a file where a person sits at a terminal of a machine with a desktop; does nothing elsewhere. */
export async function openInBrowser(target: string): Promise<void> {
  const command = opener()
  // A desktop without a browser is not worth an error: what was to be seen has been printed.
  if (command && process.stdout.isTTY) await exec([...command, target], { accept: 'any' }).catch(() => {})
}

function opener(): string[] | undefined {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['explorer']
  const { DISPLAY, WAYLAND_DISPLAY, BROWSER } = process.env
  if (BROWSER) return [BROWSER]
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined
}
