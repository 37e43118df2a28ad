/**
 * What can be told of an environment from parity.yaml alone, before anything is started.
 * Rules know a kind's part of parity.yaml; they start nothing and need neither an engine nor a cluster.
 */
import type { Finding, Path } from '../../config/problem.ts'
import type { Json, Role } from '../../model.ts'

/** One environment of parity.yaml, as far as it could be read. */
export interface Section<Spec> {
  spec: Spec
  /** Where it stands in parity.yaml. */
  at: Path
  /** The folder of parity.yaml; all paths in it are relative to this one. */
  directory: string
  /** The keys that stand under a path of parity.yaml, those with a problem included. */
  written(path: Path): string[]
}

/** The rules of one kind. */
export interface SpecRules<Spec> {
  /** Undefined when only the started environment can tell. */
  roles(section: Section<Spec>): KnownRoles | undefined
  /** Where a role is described that cannot be asked over HTTP because it names no port. */
  withoutPort(section: Section<Spec>, role: Role): Path | undefined
  /** What it names on this machine. */
  files(section: Section<Spec>): Iterable<NamedFile>
  /** Values in which templates are filled in. */
  templated(section: Section<Spec>): Iterable<{ value: Json; path: Path }>
  /** What may stand in them, besides `${vars.NAME}`, which every kind fills in. */
  templates(section: Section<Spec>): Template[]
  /** What else is wrong with it. */
  findings(section: Section<Spec>): Iterable<Finding>
}

export interface KnownRoles {
  roles: Role[]
  /** What a reader finds under these names, and how it is called. */
  services: string[]
  called: string
  /** What to do with a role that is lacking: `add it under`, `map it under`. */
  remedy: string
}

export interface NamedFile {
  file: string
  type: 'file' | 'folder' | 'file or folder'
  /** A file that the folder must have. */
  holding?: string
  path: Path
}

export interface Template {
  /** As a person writes it, the part to choose in capitals: `${ROLE.host}`. */
  form: string
  /** What can be chosen from, and how one of it is called. */
  choice?: { called: string; names: string[] }
  /** Why one of the names cannot be used all the same. */
  obstacle?(name: string): string | undefined
}
