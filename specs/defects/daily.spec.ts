import { defects } from './defect.ts'
import { reportsDefects } from './suite.ts'

await reportsDefects(defects.filter(({ daily }) => daily))
