/** The questions that files can answer, in the order of the report. */
import { addresses } from './addresses.ts'
import { build } from './build.ts'
import { command } from './command.ts'
import { faults } from './faults.ts'
import { health } from './health.ts'
import { image } from './image.ts'
import { limits } from './limits.ts'
import { names } from './names.ts'
import { order } from './order.ts'
import { ports } from './ports.ts'
import type { Question } from './question.ts'
import { roles } from './roles.ts'
import { user } from './user.ts'
import { variables } from './variables.ts'
import { volumes } from './volumes.ts'

export const questions: Question[] = [
  roles,
  image,
  build,
  command,
  user,
  variables,
  addresses,
  ports,
  volumes,
  health,
  limits,
  order,
  names,
  faults,
]
