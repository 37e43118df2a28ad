// Builds a recipe of scripts/offline-images/ on a Debian that mmdebstrap lays down, both named after the hash of their content.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attempt, isInstalled, run, SetupError } from './command.js'
import { contentHash } from './content-hash.js'
import { debianRelease, suiteSources } from './debian.js'

export const RECIPE_LABEL = 'dev.parity.recipe'
export const PROVENANCE_LABEL = 'dev.parity.provenance'

const recipes = fileURLToPath(new URL('../offline-images/', import.meta.url))
/** What this machine trusts beyond Debian's own; a network whose proxy inspects TLS needs it inside the images too. */
const machineCertificates = '/usr/local/share/ca-certificates'

/** Everything that decides what comes out of a recipe, apart from the versions that Debian has at the time. */
export function recipeHash(recipe) {
  return contentHash([join(recipes, 'debian'), join(recipes, recipe), machineCertificates])
}

/**
 * @param {string} ref the tag that the image gets: the public image's, whose place it takes
 * @param {string} recipe its folder's name
 * @param {(line: string) => void} progress
 */
export async function buildOffline(ref, recipe, progress) {
  const base = await buildDebian('trixie', progress)
  const packages = await fetchPackages(recipe, progress)
  try {
    await build(ref, recipe, { BASE: base }, packages ? { packages } : {}, progress)
  } finally {
    if (packages) rmSync(packages, { recursive: true, force: true })
  }
}

async function build(ref, recipe, args, contexts, progress) {
  const labels = { [RECIPE_LABEL]: recipeHash(recipe), [PROVENANCE_LABEL]: 'offline' }
  const pairs = (option, values) => Object.entries(values).flatMap(([key, value]) => [option, `${key}=${value}`])
  await run(
    'docker',
    [
      ...['buildx', 'build', '--load', '--progress=plain', '--tag', ref],
      ...pairs('--label', labels),
      ...pairs('--build-arg', args),
      ...pairs('--build-context', contexts),
      join(recipes, recipe),
    ],
    { onLine: (line) => isBuildStep(line) && progress(line) },
  )
}

/** BuildKit numbers its lines; one that opens a step names it: `#9 [build 3/4] RUN …`. What the step itself says has a time. */
export function isBuildStep(line) {
  return /^#\d+ \[/.test(line)
}

/** The name of an image that is only Debian: built, unless it is there. */
export async function buildDebian(suite, progress) {
  const version = `${suite}-${recipeHash('debian').slice(0, 12)}`
  const ref = `parity-offline/debian:${version}`
  if (await exists(ref)) return ref
  const rootfs = `parity-offline/debian-rootfs:${version}`
  await importRootfs(rootfs, suite, progress)
  const none = mkdtempSync(join(tmpdir(), 'parity-certificates-'))
  try {
    const certificates = existsSync(machineCertificates) ? machineCertificates : none
    await build(ref, 'debian', { ROOTFS: rootfs }, { certificates }, progress)
  } finally {
    rmSync(none, { recursive: true })
  }
  return ref
}

async function importRootfs(ref, suite, progress) {
  if (debianRelease() === 0) {
    throw new SetupError(
      'No image registry answers, and stand-ins can only be built on Debian, from its packages.\n' +
        'Give Docker a network where it can pull (`docker pull redis:8-trixie`) and run `npm run setup` again.',
    )
  }
  await installMmdebstrap(progress)
  const folder = mkdtempSync(join(tmpdir(), 'parity-debian-'))
  const archive = join(folder, 'rootfs.tar')
  try {
    const args = readFileSync(join(recipes, 'debian', 'mmdebstrap.args'), 'utf8')
      .trim()
      .split('\n')
    await run('mmdebstrap', [...args, suite, archive, ...(await suiteSources(suite))], { onLine: progress })
    await run('docker', ['import', archive, ref], { onLine: progress })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function installMmdebstrap(progress) {
  if (await isInstalled('mmdebstrap')) return
  if (process.getuid() !== 0) {
    throw new SetupError(
      'mmdebstrap is not installed.\nRun `sudo apt-get install mmdebstrap`, then `npm run setup` again.',
    )
  }
  const options = { onLine: progress, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await run('apt-get', ['update'], options)
  await run('apt-get', ['install', '--yes', '--no-install-recommends', 'mmdebstrap'], options)
}

/** What a recipe takes from npm, fetched the way this machine is set up to; undefined when it takes nothing. */
async function fetchPackages(recipe, progress) {
  const list = join(recipes, recipe, 'packages.json')
  if (!existsSync(list)) return undefined
  const specs = JSON.parse(readFileSync(list, 'utf8')).map((spec) => spec.replace('{arch}', process.arch))
  const folder = mkdtempSync(join(tmpdir(), 'parity-packages-'))
  await run('npm', ['pack', '--silent', '--pack-destination', folder, ...specs], { onLine: progress })
  return folder
}

async function exists(ref) {
  return (await attempt('docker', ['image', 'inspect', ref])).code === 0
}
