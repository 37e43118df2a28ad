/** A Vitest reporter that writes the parity report of the tests declared by `parityTests`. */
import { resolve } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { judge } from '../compare/judge.ts'
import { loadConfig } from '../config/load.ts'
import { notApplicable } from '../probes/index.ts'
import { tellGitHub } from '../report/github.ts'
import { reportOf } from '../report/report.ts'
import { terminal } from '../report/terminal.ts'
import { writeReports } from '../report/write.ts'

export default class ParityReporter implements Reporter {
  private folder = '.parity'

  onInit(vitest: Vitest): void {
    this.folder = resolve(vitest.config.root, '.parity')
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const recorded = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().parity ?? []),
    )
    const [first] = recorded
    if (!first) return
    const config = await loadConfig(first.configFile)
    const recording = {
      project: config.settings.project,
      reference: config.settings.reference,
      date: new Date().toISOString().slice(0, 10),
      environments: first.environments,
      observations: recorded.flatMap(({ observations }) => observations),
      casualties: [],
      notAsked: notApplicable(config.settings),
    }
    const report = reportOf(recording, judge(recording, config.accepted))
    await writeReports(report, this.folder)
    await tellGitHub(report, config.directory)
    console.log(`\n${terminal(report)}`)
  }
}
