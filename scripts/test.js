/**
 * `npm test`: the Vitest projects in turns, so that environments which one of them keeps up do not stand beside those of
 * the next on a small machine. With arguments it is plain `vitest run`.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'

const turns = [['unit', 'report'], ['environments', 'cli', 'helm'], ['parity'], ['defects']]

const given = process.argv.slice(2)
const runs = given.length
  ? [given]
  : turns.map((projects) => [
      ...projects.flatMap((project) => ['--project', project]),
      `--outputFile.junit=.parity/junit/${projects[0]}.xml`,
    ])

rmSync('.parity/junit', { recursive: true, force: true })
const failed = runs.filter((args) => spawnSync('vitest', ['run', ...args], { stdio: 'inherit' }).status !== 0)
process.exitCode = failed.length ? 1 : 0
