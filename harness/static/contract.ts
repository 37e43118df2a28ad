/** What the files of a project say of one environment, in the same words for every kind. Types only. */
import type { Role } from '../model.ts'
import type { Stage } from './stage.ts'

export interface Contract {
  /** Its name in parity.yaml. */
  environment: string
  /** The platform looks at an image's own HEALTHCHECK. */
  runsHealthChecks: boolean
  /** What goes on running. */
  roles: Record<Role, Declared>
  /** What runs once and ends: steps, one-off compose services, Jobs and hooks. */
  tasks: Record<string, Task>
  /** Host names that mean something beside the aliases of the roles. */
  hosts: string[]
  /** Where host names lead that stand for a choice of ports: a Kubernetes Service. */
  services: Endpoint[]
  /** Faults that only this kind of file can have, by what they are. */
  faults: Partial<Record<Fault, string[]>>
}

/** One service as it is declared. Undefined stands for what is not written and left to the image or the platform. */
export interface Declared {
  /** How the files call it: a compose service, a workload. */
  name: string
  /** Host names by which the others reach it. */
  aliases: string[]
  image: DeclaredImage
  /** What the environment puts in the place of the image's ENTRYPOINT and CMD. */
  entrypoint?: string[]
  command?: string[]
  user?: string
  group?: string
  directory?: string
  ports: number[]
  /** As the environment gives them; the image's own are in its stage. */
  variables: Record<string, Variable>
  mounts: Mount[]
  checks: Check[]
  limits: { cpu?: string; memory?: string }
  requests: { cpu?: string; memory?: string }
  /** Names of tasks and roles that must be done or ready before. */
  needs: string[]
  /** What runs in the same place before it: name, command and arguments of init containers. */
  before: string[]
  replicas: number
  /** A new one starts before the old one has ended. */
  overlaps: boolean
  graceSeconds?: number
  containerName?: string
  /** `127.0.0.1:8000`, as fixed in the files. */
  hostPorts: string[]
  /** Kubernetes adds variables for each Service. */
  serviceLinks: boolean
}

export interface Task extends Declared {
  /** Beside: in the same breath as the roles, which have to wait by themselves. */
  when: 'before' | 'beside' | 'after'
}

/** Built by the project from a stage, or ready-made. */
export type DeclaredImage = {
  reference: string
  build?: {
    /** Absolute. */
    context: string
    dockerfile: string
    target?: string
    /** Undefined when the Dockerfile or the stage in it is not there. */
    stage?: Stage
  }
}

export interface Variable {
  /** Undefined when it stands in none of the files. */
  value?: string
  /** `ConfigMap settings`, `docker-compose.yaml` */
  from: string
  secret: boolean
}

export interface Mount {
  target: string
  /** `bind`: a folder of this machine. `volume`: outlives the container. `scratch`: does not. `file`: configuration. */
  type: 'bind' | 'volume' | 'scratch' | 'file'
  /** Volume's or claim's name, or the folder on this machine. */
  source: string
  /** Only one node can have it. */
  singleNode?: boolean
  /** It stays when the environment is removed for good. */
  outlives?: boolean
}

export interface Check {
  by: 'HEALTHCHECK' | 'healthcheck' | 'startup' | 'readiness' | 'liveness'
  command?: string[]
  http?: { path: string; port: string; headers: Record<string, string> }
  timeoutSeconds?: number
  periodSeconds?: number
  initialDelaySeconds?: number
  failureThreshold?: number
}

export interface Endpoint {
  host: string
  ports: number[]
}

export type Fault =
  | 'autoscalers without requests'
  | 'configuration without a checksum'
  | 'credentials outside of a Secret'
  | 'interpolated variables that are not set'
  | 'ports that lead nowhere'
  | 'secrets that do not outlive the release as their volume does'
  | 'selectors that change'
  | 'tests of names that do not exist'
  | 'values of the wrong type'
  | 'values that nothing reads'
