/** Contracts for tests of what is asked of them. */
import type { Contract, Declared, Task } from '../../harness/static/contract.ts'
import { undeclared } from '../../harness/static/declared.ts'
import { parseDockerfile } from '../../harness/static/dockerfile.ts'
import type { Project, Question } from '../../harness/static/questions/question.ts'
import { stageOf } from '../../harness/static/stage.ts'

/** A role whose image is built from this Dockerfile in the folder /shop. */
export function built(dockerfile: string, changes: Partial<Declared> = {}): Declared {
  const stage = stageOf(parseDockerfile(dockerfile), undefined)
  const build = { context: '/shop', dockerfile: '/shop/Dockerfile', stage }
  return { ...undeclared('web', { reference: 'shop', build }), ...changes }
}

export function given(variables: Record<string, string>): Declared['variables'] {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, { value, from: 'here', secret: false }]),
  )
}

export function contract(roles: Record<string, Declared>, changes: Partial<Contract> = {}): Contract {
  return {
    environment: 'here',
    runsHealthChecks: true,
    roles,
    tasks: {},
    hosts: [],
    services: [],
    faults: {},
    ...changes,
  }
}

export function task(declared: Declared, when: Task['when'] = 'beside'): Task {
  return { ...declared, when }
}

/** @param files of the build context, by path */
export function ask(question: Question, asked: Contract, files: Record<string, string> = {}) {
  const roles = Object.keys(asked.roles)
  const project: Project = {
    roles,
    ownRoles: roles.filter((role) => asked.roles[role]?.image.build),
    withoutVariables: [],
    scheduler: undefined,
    isSecret: (name) => name.endsWith('PASSWORD'),
    filesIn: () => new Map(Object.entries(files)),
    textIn: () => Object.values(files).join('\n'),
    directory: '/',
  }
  return question.ask(asked, project)
}
