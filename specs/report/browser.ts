/** The Chromium that set-up looks after, driven by playwright-core. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { BROWSERS } from '../../scripts/setup/browser.js'

/** Undefined where this machine has no browser. */
export const program = BROWSERS.find((path) => existsSync(path))

export function launch(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet]
  return chromium.launch({ executablePath: program, args })
}
