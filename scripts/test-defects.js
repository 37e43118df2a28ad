/**
 * `npm run test:defects`: plants every defect of fixtures/defects/. `--only 56,own-03` plants those alone, and
 * `--environments development,production` does without the others. Further arguments are Vitest's.
 */
import { spawnSync } from 'node:child_process'

const variables = { '--only': 'DEFECTS_ONLY', '--environments': 'DEFECTS_ENVIRONMENTS' }

const env = { ...process.env }
const rest = []
const given = process.argv.slice(2)
while (given.length) {
  const [name, value] = given.shift().split('=')
  if (name in variables) env[variables[name]] = value ?? given.shift()
  else rest.push(value === undefined ? name : `${name}=${value}`)
}

const { status } = spawnSync('vitest', ['run', '--project', 'all-defects', ...rest], { stdio: 'inherit', env })
process.exitCode = status ?? 1
