// Builds a kind node from scripts/kind/node-image/: programs from Go modules, the images that every cluster runs from those
// programs, and the node that carries them. What belongs to kind is taken from its module.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeImage, nodeImageRecipe, toolFolder } from '../kind/paths.js'
import { programs } from '../kind/programs.js'
import { versions } from '../kind/versions.js'
import { run, SetupError } from './command.js'
import { build, moduleFolder } from './go.js'
import { buildDebian, isBuildStep, PROVENANCE_LABEL, RECIPE_LABEL } from './offline-image.js'
import { intoCache } from './tool-cache.js'

const recipe = fileURLToPath(new URL('../kind/node-image/', import.meta.url))
const nodePrograms = Object.values(programs).filter(({ name }) => !['kind', 'helm'].includes(name))

/** Newer systemd than bookworm's refuses cgroup v1, which some machines still have. */
const SUITE = 'bookworm'

/** Keeps the names of images apart from the public ones until the node has them. */
const PREFIX = 'localhost/'

export async function buildNodeImage(activity) {
  // First, because it may be refused, and the programs take long.
  const base = await activity(`Debian ${SUITE}`, 'for the kind node image', ({ progress }) =>
    buildDebian(SUITE, progress),
  )
  for (const program of nodePrograms) await cached(program, activity)
  const folder = mkdtempSync(join(tmpdir(), 'parity-kind-node-'))
  try {
    await activity('kind node image', 'from those programs', async ({ progress, outcome }) => {
      await assemble(folder, base, progress)
      outcome('built here as a stand-in')
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function cached(program, activity) {
  const folder = toolFolder(program.name, program.version)
  if (existsSync(folder)) return
  await activity(`${program.name} ${program.version}`, 'for the kind node image', ({ progress, outcome }) =>
    intoCache(folder, async (empty) => {
      await build(program, empty, progress)
      outcome('built with Go for the kind node image')
    }),
  )
}

async function assemble(folder, base, progress) {
  const [programsFolder, manifests, archives] = ['programs', 'manifests', 'images'].map((name) => join(folder, name))
  for (const path of [programsFolder, manifests, archives]) mkdirSync(path)
  for (const { name, version } of nodePrograms)
    copyFileSync(join(toolFolder(name, version), name), join(programsFolder, name))

  const kindModule = await moduleFolder('sigs.k8s.io/kind', versions.kind, progress)
  const storage = storageManifest(kindModule)
  writeFileSync(join(manifests, 'default-storage.yaml'), storage.manifest)

  const images = [...(await imagesOfKubeadm(programsFolder)), ...storage.images]
  await saveComponents(images, { base, programsFolder, archive: join(archives, 'images.tar') }, progress)
  await buildx(
    [
      ...[
        '--tag',
        nodeImage,
        '--label',
        `${RECIPE_LABEL}=${nodeImageRecipe}`,
        '--label',
        `${PROVENANCE_LABEL}=offline`,
      ],
      ...['--build-arg', `BASE=${base}`, '--build-arg', `KUBERNETES_VERSION=${versions.kubernetes}`],
      ...['--build-arg', `PAUSE_IMAGE=${images.find((image) => image.includes('/pause:'))}`],
      ...['--build-context', `kind=${kindModule}`, '--build-context', `manifests=${manifests}`],
      ...['--build-context', `programs=${programsFolder}`, '--build-context', `images=${archives}`],
      recipe,
    ],
    progress,
  )
}

/** The default volumes of a cluster as kind writes them into its own node images: only its Go sources have them. */
function storageManifest(kindModule) {
  const path = join(kindModule, 'pkg/build/nodeimage/const_storage.go')
  const source = readFileSync(path, 'utf8')
  const constants = Object.fromEntries(
    [...source.matchAll(/^const (\w+) = "(.+)"$/gm)].map(([, name, value]) => [name, value]),
  )
  const template = source.match(/^const defaultStorageManifest = `\n([\s\S]*)`\n/m)?.[1]
  const images = [constants.storageProvisionerImage, constants.storageHelperImage]
  if (!template || images.includes(undefined)) {
    throw new SetupError(`${path} does not have kind's storage manifest where kind ${versions.kind} has it.`)
  }
  return { images, manifest: template.replace(/` \+ (\w+) \+ `/g, (_, name) => constants[name]) }
}

async function imagesOfKubeadm(programsFolder) {
  const kubeadm = join(programsFolder, 'kubeadm')
  const output = await run(kubeadm, ['config', 'images', 'list', '--kubernetes-version', versions.kubernetes])
  return output.trim().split('\n')
}

async function saveComponents(images, { base, programsFolder, archive }, progress) {
  const tags = images.map((image) => PREFIX + image)
  try {
    for (const tag of tags) {
      const program = tag.match(/([^/]+):[^:/]+$/)[1]
      const args = ['--build-arg', `BASE=${base}`, '--build-arg', `PROGRAM=${program}`]
      const context = ['--build-context', `programs=${programsFolder}`]
      await buildx(['--target', program, '--tag', tag, ...args, ...context, join(recipe, 'components')], progress)
    }
    await run('docker', ['save', '--output', archive, ...tags], { onLine: progress })
  } finally {
    await run('docker', ['image', 'rm', '--force', ...tags])
  }
}

function buildx(args, progress) {
  const onLine = (line) => isBuildStep(line) && progress(line)
  return run('docker', ['buildx', 'build', '--load', '--progress=plain', ...args], { onLine })
}
