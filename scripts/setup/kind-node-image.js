// The image that a kind cluster's node runs: public where an image registry answers, else built here under the same name.

import { nodeImage } from '../kind/paths.js'
import { publicNodeImage } from '../kind/versions.js'
import { attempt, run, SetupError } from './command.js'
import { buildNodeImage } from './kind-node-build.js'
import { PROVENANCE_LABEL } from './offline-image.js'
import { beginPull, finishPull, refusal } from './pull.js'

/** @type {import('../setup.js').Step} */
export const kindNodeImage = {
  name: 'kind node image',
  why: 'what kind clusters run on: pulled, or built from Go modules and Debian packages where no image registry answers',

  async check({ pull }) {
    const format = `{{index .Config.Labels "${PROVENANCE_LABEL}"}}`
    const { code, stdout } = await attempt('docker', ['image', 'inspect', '--format', format, nodeImage])
    return [{ item: nodeImage, ...state(code, stdout.trim(), pull) }]
  },

  async run([{ detail }], activity, { pull: insist }) {
    const pull = await beginPull(publicNodeImage)
    if (pull.answered) {
      return activity('kind node image', detail, async ({ progress, outcome }) => {
        await finishPull(pull, progress)
        await run('docker', ['tag', publicNodeImage, nodeImage])
        outcome(`pulled, as it ${detail}`)
      })
    }
    const said = await refusal(pull)
    if (insist) throw new SetupError(`No image registry gives the kind node image, so it stays as it is:\n${said}`)
    process.stdout.write(
      `  No image registry gives the kind node image, so one is built here, in about 15 minutes: ${said}\n`,
    )
    await buildNodeImage(activity)
  },
}

function state(code, provenance, pull) {
  if (code !== 0) return { present: false, detail: 'is not on this machine' }
  if (provenance !== 'offline') return { present: true, detail: 'public' }
  return pull ? { present: false, detail: 'is a stand-in' } : { present: true, detail: 'built here (stand-in)' }
}
