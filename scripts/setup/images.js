// The base images, public where an image registry answers. Where none does, scripts/offline-images/ builds a stand-in for each.
import { readFileSync } from 'node:fs'
import { attempt, lastLines, run, SetupError } from './command.js'
import { buildOffline, RECIPE_LABEL, recipeHash } from './offline-image.js'

/** How long an image registry may take to answer before the stand-ins are built. */
const REGISTRY_SECONDS = 10

/** @type {{ ref: string, recipe?: string }[]} */
const wanted = JSON.parse(readFileSync(new URL('../images.json', import.meta.url), 'utf8'))

/** @type {import('../setup.js').Step} */
export const images = {
  name: 'images',
  why: 'base images: pulled, or built from Debian packages where no image registry answers',

  async check({ pull }) {
    const recipes = await recipesOfPresent()
    const offline = [...recipes.values()].some((recipe) => recipe !== undefined)
    return wanted.map((image) => finding(image, recipes, offline, pull))
  },

  async run(missing, activity, { pull }) {
    const why = new Map(missing.map(({ item, detail }) => [item, detail]))
    const lacking = wanted.filter(({ ref }) => why.has(ref))
    const answers = await askRegistry(lacking)
    if (answers.some(({ found }) => found)) return pullAll(answers, why, activity)
    const said = answers.map(({ ref, said }) => `${ref}: ${said}`).join('\n')
    if (pull) throw new SetupError(`No image registry answers; the images stay as they are.\n${said}`)
    process.stdout.write(
      `  No image registry answers, so stand-ins are built here (${answers[0].said.split('\n').at(-1)})\n`,
    )
    for (const { ref, recipe } of lacking.filter((image) => image.recipe)) {
      await activity(`image ${ref}`, why.get(ref), async ({ progress, outcome }) => {
        await buildOffline(ref, recipe, progress)
        outcome(`built here as a stand-in, as it ${why.get(ref)}`)
      })
    }
  },
}

async function pullAll(answers, why, activity) {
  for (const { ref, found, said } of answers) {
    await activity(`image ${ref}`, why.get(ref), async ({ progress, outcome }) => {
      if (!found)
        throw new SetupError(
          `An image registry answers, but not for ${ref}:\n${said}\nRun \`npm run setup\` again once it does.`,
        )
      await run('docker', ['pull', ref], { onLine: progress })
      outcome(`pulled, as it ${why.get(ref)}`)
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

function finding({ ref, recipe }, recipes, offline, pull) {
  const finding = (present, detail) => ({ item: ref, present, detail })
  if (!recipes.has(ref)) {
    if (recipe || !offline || pull) return finding(false, 'is not on this machine')
    return finding(true, 'absent, and not needed: cannot be had where images are built here')
  }
  const found = recipes.get(ref)
  if (found === undefined) return finding(true, 'public')
  if (pull) return finding(false, 'is a stand-in')
  if (found === recipeHash(recipe)) return finding(true, 'built here (stand-in)')
  return finding(false, 'was built from another version of its recipe')
}

/** Asks the registry for every image at once: what it answers for each, or what Docker said when it did not. */
export function askRegistry(lacking) {
  return Promise.all(
    lacking.map(async ({ ref }) => {
      const signal = AbortSignal.timeout(REGISTRY_SECONDS * 1000)
      const { code, output } = await attempt('docker', ['manifest', 'inspect', ref], { signal })
      return { ref, found: code === 0, said: lastLines(output) }
    }),
  )
}
