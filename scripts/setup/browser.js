// A browser for the specs of the HTML report. Nothing else needs one, so a machine that cannot have it is ready all the same.
import { existsSync } from 'node:fs'
import { attempt, lastLines } from './command.js'
import { debianRelease } from './debian.js'

/** Where Debian, Ubuntu and the vendors put it. */
export const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** @type {import('../setup.js').Step} */
export const browser = {
  name: 'browser',
  why: 'Chromium, in which the HTML report is tried; installed only on Debian as root, elsewhere those specs are skipped',

  async check() {
    const found = BROWSERS.find((path) => existsSync(path))
    if (found) return [{ item: 'Chromium', present: true, detail: found }]
    if (canInstall()) return [{ item: 'Chromium', present: false, detail: 'is not installed' }]
    return [{ item: 'Chromium', present: true, detail: 'none here: the specs of the HTML report are skipped' }]
  },

  async run([finding], activity) {
    await activity('Chromium', finding.detail, async ({ progress, outcome }) => {
      const options = { onLine: progress, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
      const packages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core']
      await attempt('apt-get', ['update'], options)
      const { code, output } = await attempt(
        'apt-get',
        ['install', '--yes', '--no-install-recommends', ...packages],
        options,
      )
      if (code === 0) return outcome('installed from Debian, as there was none')
      outcome(
        `could not be installed, so the specs of the HTML report are skipped: ${lastLines(output).split('\n').at(-1)}`,
      )
    })
  },
}

function canInstall() {
  return process.platform === 'linux' && process.getuid() === 0 && debianRelease() > 0
}
