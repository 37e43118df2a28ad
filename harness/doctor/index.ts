/** Everything that runs need of this machine, looked at without changing anything. */
import type { Diagnosis } from './diagnosis.ts'
import { engine, engineInfo } from './engine.ts'
import { forCharts } from './helm.ts'
import { machine } from './machine.ts'

export type { Diagnosis }

export async function diagnose(): Promise<Diagnosis[]> {
  const info = await engineInfo()
  return (await Promise.all([engine(info), forCharts(), machine(info)])).flat()
}
