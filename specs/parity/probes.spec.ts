import { parityTests } from '../../harness/vitest/index.ts'

await parityTests()
