import { defects } from './defect.ts'
import { reportsDefects } from './suite.ts'

const [only, environments] = ['DEFECTS_ONLY', 'DEFECTS_ENVIRONMENTS'].map((name) => process.env[name]?.split(','))

await reportsDefects(
  defects.filter(
    ({ id, environment }) => (only?.includes(id) ?? true) && (environments?.includes(environment) ?? true),
  ),
  environments,
)
