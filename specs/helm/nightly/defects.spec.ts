import { defects } from '../../defects/defect.ts'
import { reportsDefects } from '../../defects/suite.ts'

await reportsDefects(defects.filter(({ environment }) => environment === 'helm'))
