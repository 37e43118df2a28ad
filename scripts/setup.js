// Everything this repository needs on a machine, in one idempotent command. Runs before anything is installed, so it is plain
// JavaScript for Node 20 and imports nothing but Node's own modules.
import { parseArgs } from 'node:util'
import { activity, printTable } from './setup/activity.js'
import { browser } from './setup/browser.js'
import { SetupError } from './setup/command.js'
import { dependencies } from './setup/dependencies.js'
import { dockerEngine } from './setup/docker-engine.js'
import { dockerPlugins } from './setup/docker-plugins.js'
import { images } from './setup/images.js'
import { kindNodeImage } from './setup/kind-node-image.js'
import { kindTools } from './setup/kind-tools.js'
import { withLock } from './setup/lock.js'

/**
 * A step knows one part of the machine. `check` changes nothing and returns a finding for each thing it looks after;
 * `run` is given the findings that are not present. A step may rely on those before it.
 *
 * @typedef {{ item: string, present: boolean, detail: string }} Finding
 * @typedef {{ pull: boolean }} Options
 * @typedef {{ name: string, why: string, check(options: Options): Promise<Finding[]>,
 *             run(missing: Finding[], activity: typeof import('./setup/activity.js').activity, options: Options): Promise<void> }} Step
 */

/** @type {Step[]} */
const steps = [dependencies, dockerEngine, dockerPlugins, images, kindTools, kindNodeImage, browser]

const help = `Usage: npm run setup [-- options]

Makes this machine ready for \`npm start\` and \`npm test\`, which both run it first. Does only what is missing:
${steps.map((step) => `  ${step.name.padEnd(18)} ${step.why}`).join('\n')}

Options:
  --check   print what is present and what is missing, change nothing (exit 0: all there, 1: something is missing)
  --pull    replace images that were built here, because no image registry answered, by the public ones
  --help    print this

Exit codes: 0 ready, 1 something is missing (--check), 2 wrong option, 3 could not be set up.
`

async function main() {
  const options = readOptions()
  if (options.help) return process.stdout.write(help)
  if (options.check) return check(options)
  for (const step of steps) await complete(step, options)
}

function readOptions() {
  const flag = { type: 'boolean', default: false }
  try {
    return parseArgs({ options: { check: flag, pull: flag, help: flag } }).values
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`)
    process.exit(2)
  }
}

async function check(options) {
  const rows = []
  for (const step of steps) {
    for (const finding of await step.check(options)) rows.push({ step: step.name, ...finding })
  }
  printTable(rows)
  process.exitCode = rows.every((row) => row.present) ? 0 : 1
}

async function complete(step, options) {
  if ((await missing(step, options)).length === 0) return
  // Another set-up on this machine may be at it: look again once it is our turn.
  await withLock(async () => {
    const findings = await missing(step, options)
    if (findings.length > 0) await step.run(findings, activity, options)
  })
}

async function missing(step, options) {
  return (await step.check(options)).filter((finding) => !finding.present)
}

main().catch((error) => {
  process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`)
  process.exitCode = 3
})
