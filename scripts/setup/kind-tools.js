// kind, Helm and kubectl in pinned versions, whatever else the machine has, so that runs are alike everywhere.
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { helm, kind, kubectl } from '../kind/paths.js'
import { programs } from '../kind/programs.js'
import { releases } from '../kind/releases.js'
import { build } from './go.js'
import { download } from './release.js'
import { intoCache } from './tool-cache.js'

const machine = { x64: 'amd64', arm64: 'arm64' }[process.arch]
const published = releases(process.platform, machine)

const tools = Object.entries({ kind, helm, kubectl }).map(([name, path]) => ({
  program: programs[name],
  release: published[name],
  path,
}))

/** @type {import('../setup.js').Step} */
export const kindTools = {
  name: 'kind tools',
  why: "kind, Helm and kubectl in the user's cache: downloaded, or built with Go where no download site answers",

  async check() {
    return tools.map(({ program: { name, version }, path }) => {
      const present = existsSync(path)
      return { item: name, present, detail: present ? version : `${version} is not on this machine` }
    })
  },

  async run(missing, activity) {
    const wanted = tools.filter(({ program }) => missing.some(({ item }) => item === program.name))
    for (const tool of wanted) await install(tool, activity)
  },
}

function install({ program, release, path }, activity) {
  const { name, version } = program
  return activity(`${name} ${version}`, 'is not on this machine', ({ progress, outcome }) =>
    intoCache(dirname(path), async (folder) => {
      const said = await download(name, release, folder)
      if (!said) return outcome('downloaded, as it was not on this machine')
      progress(said)
      await build(program, folder, progress)
      outcome(`built with Go, as it was not on this machine (${said})`)
    }),
  )
}
