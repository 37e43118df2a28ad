/** What parity.yaml must be beyond its shape, so that it fails before anything is started. */
import type { Finding } from '../problem.ts'
import type { Reading } from '../salvage.ts'
import type { ParityFile } from '../schema.ts'
import { checkEnvironments } from './environments.ts'
import { checkFiles } from './files.ts'
import { checkPatterns } from './patterns.ts'
import { checkReference } from './reference.ts'
import { checkRequestTemplates } from './request-templates.ts'
import { checkRequests } from './requests.ts'
import { checkRoles } from './roles.ts'
import { checkTemplates } from './templates.ts'

export interface Subject extends Reading<ParityFile> {
  /** The folder of parity.yaml; all paths in it are relative to this one. */
  directory: string
}

const CHECKS: ((subject: Subject) => Iterable<Finding>)[] = [
  checkReference,
  checkFiles,
  checkEnvironments,
  checkRoles,
  checkRequests,
  checkTemplates,
  checkRequestTemplates,
  checkPatterns,
]

export function check(subject: Subject): Finding[] {
  return CHECKS.flatMap((one) => [...one(subject)])
}
