/** What a question about files is, and what all of them need. */
import type { Json, Role } from '../../model.ts'
import type { Contract, Declared, Variable } from '../contract.ts'

/** One question to the contract of one environment. It never judges: the same judge does as for what was seen. */
export interface Question {
  /** `static/image` */
  name: string
  question: string
  ask(contract: Contract, project: Project): Json
}

/** What is known of the project beside the environment that is asked. */
export interface Project {
  /** Roles whose images the reference builds. */
  ownRoles: Role[]
  /** All roles of the reference. */
  roles: Role[]
  /** Roles whose variables have too little in common to be compared. */
  withoutVariables: Role[]
  /** The role that sends scheduled tasks. */
  scheduler: Role | undefined
  /** Whether a value under this name is shown nowhere. */
  isSecret: (variable: string) => boolean
  /** All that stands in the text files of a build context, cut off at a limit. */
  textIn: (context: string) => string
  /** Files of a build context by their path in it, text only. */
  filesIn: (context: string) => Map<string, string>
  directory: string
}

/** The same part of the answer for each of the roles that the environment has. */
export function byRole(
  { roles }: Contract,
  asked: Role[],
  answer: (declared: Declared, role: Role) => Json,
): { [role: string]: Json } {
  const present = asked.flatMap((role) => (roles[role] ? [[role, roles[role]] as const] : []))
  return Object.fromEntries(present.map(([role, declared]) => [role, answer(declared, role)]))
}

/** Those of the image and those that the environment gives, which win. */
export function variablesIn({ image, variables }: Declared): Record<string, Variable> {
  const own = Object.entries(image.build?.stage?.environment ?? {}).map(([name, value]): [string, Variable] => [
    name,
    { value, from: 'image', secret: false },
  ])
  return { ...Object.fromEntries(own), ...variables }
}
