// The base images, public where an image registry answers. Where none does, scripts/offline-images/ builds a stand-in for each.
import { readFileSync } from 'node:fs'
import { attempt, SetupError } from './command.js'
import { buildOffline, RECIPE_LABEL, recipeHash } from './offline-image.js'
import { beginPull, finishPull, refusal } from './pull.js'

/** @type {{ ref: string, recipe: string }[]} */
const wanted = JSON.parse(readFileSync(new URL('../images.json', import.meta.url), 'utf8'))

/** @type {import('../setup.js').Step} */
export const images = {
  name: 'images',
  why: 'base images: pulled, or built from Debian packages where no image registry answers',

  async check({ pull }) {
    const recipes = await recipesOfPresent()
    return wanted.map((image) => finding(image, recipes, pull))
  },

  async run(missing, activity, { pull }) {
    const why = new Map(missing.map(({ item, detail }) => [item, detail]))
    const lacking = wanted.filter(({ ref }) => why.has(ref))
    const pulls = await Promise.all(lacking.map(({ ref }) => beginPull(ref)))
    if (pulls.some(({ answered }) => answered)) return finishPulls(pulls, why, activity)
    const said = [...new Set(await Promise.all(pulls.map(refusal)))].join('\n')
    if (pull) throw new SetupError(`No image registry gives the images, so they stay as they are:\n${said}`)
    process.stdout.write(`  No image registry gives the images, so stand-ins are built here: ${said}\n`)
    for (const { ref, recipe } of lacking) {
      await activity(`image ${ref}`, why.get(ref), async ({ progress, outcome }) => {
        await buildOffline(ref, recipe, progress)
        outcome(`built here as a stand-in, as it ${why.get(ref)}`)
      })
    }
  },
}

async function finishPulls(pulls, why, activity) {
  for (const pull of pulls) {
    await activity(`image ${pull.ref}`, why.get(pull.ref), async ({ progress, outcome }) => {
      await finishPull(pull, progress)
      outcome(`pulled, as it ${why.get(pull.ref)}`)
    })
  }
}

/** Of every wanted image that this machine has: the hash of our recipe that it was built from, undefined for a public one. */
async function recipesOfPresent() {
  const format = `{{json .RepoTags}}\t{{json .Config.Labels}}`
  const { stdout } = await attempt('docker', ['image', 'inspect', '--format', format, ...wanted.map(({ ref }) => ref)])
  const found = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').map((json) => JSON.parse(json)))
  return new Map(found.flatMap(([tags, labels]) => tags.map((tag) => [tag, labels?.[RECIPE_LABEL]])))
}

function finding({ ref, recipe }, recipes, pull) {
  const finding = (present, detail) => ({ item: ref, present, detail })
  if (!recipes.has(ref)) return finding(false, 'is not on this machine')
  const found = recipes.get(ref)
  if (found === undefined) return finding(true, 'public')
  if (pull) return finding(false, 'is a stand-in')
  if (found === recipeHash(recipe)) return finding(true, 'built here (stand-in)')
  return finding(false, 'was built from another version of its recipe')
}
