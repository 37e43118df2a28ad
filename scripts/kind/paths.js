// Where set-up puts what a kind cluster needs, for whatever starts one. Runs on Node 20 and needs nothing installed.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contentHash } from '../setup/content-hash.js'
import { versions } from './versions.js'

const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const recipes = ['versions.js', 'node-image/', '../offline-images/debian/']

/** The folder of one version of one program. It is either absent or whole. */
export function toolFolder(name, version) {
  return join(cache, 'parity', 'tools', `${name}-${version}`)
}

export const kind = join(toolFolder('kind', versions.kind), 'kind')
export const helm = join(toolFolder('helm', versions.helm), 'helm')
export const kubectl = join(toolFolder('kubectl', versions.kubernetes), 'kubectl')

/** Hash of everything that decides what the node image is. */
export const nodeImageRecipe = contentHash(recipes.map((path) => fileURLToPath(new URL(path, import.meta.url))))

/** The public node image or, where no image registry answers, its stand-in: under this name in both cases. */
export const nodeImage = `parity/kind-node:${nodeImageRecipe.slice(0, 12)}`
