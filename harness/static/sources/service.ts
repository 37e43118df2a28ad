/** Where the parts of one service are written in a YAML file, by the names that its format has for them. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Role, Source } from '../../model.ts'
import { type Placing, place } from './place.ts'
import type { Member, YamlLines } from './yaml-lines.ts'

/** Keys of compose files and of `services` in parity.yaml alike. */
const WHAT: Record<string, string> = {
  image: 'image',
  build: 'image',
  postgres: 'image',
  redis: 'image',
  command: 'command',
  entrypoint: 'command',
  user: 'user',
  port: 'port',
  ports: 'port',
  expose: 'port',
  healthcheck: 'health check',
  ready: 'health check',
  mem_limit: 'limit',
  cpus: 'limit',
  deploy: 'limit',
}

export function sourcesOfService(
  file: string,
  yaml: YamlLines,
  service: Member,
  role: Role,
  placing: Placing,
): Source[] {
  const at = (what: string, line: number) => place(placing, role, what, { file, line, text: yaml.line(line) })
  return yaml.membersOf(service.value).flatMap(({ key, value, line }): Source[] => {
    const what = WHAT[key]
    if (what) return [at(what, line)]
    if (key === 'env' || key === 'environment') {
      const members = yaml.membersOf(value)
      const items = yaml
        .itemsOf(value)
        .map((item) => ({ key: yaml.textOf(item.value).split('=')[0] as string, line: item.line }))
      return [...members, ...items].map((variable) => at(`env ${variable.key}`, variable.line))
    }
    if (key === 'volumes' || key === 'files') {
      const members = yaml.membersOf(value).map((member) => ({ target: member.key, line: member.line }))
      const items = yaml.itemsOf(value).map((item) => ({ target: targetOf(yaml, item.value), line: item.line }))
      return [...members, ...items].map((volume) => at(`volume ${volume.target}`, volume.line))
    }
    if (key === 'env_file')
      return envFiles(yaml, value).flatMap((name) => variablesIn(resolve(file, '..', name), role, placing))
    return []
  })
}

/** `media:/srv/media:ro`, or the long form with a target of its own. */
function targetOf(yaml: YamlLines, volume: unknown): string {
  const target = yaml.find(volume, 'target')
  if (target) return yaml.textOf(target.value)
  const parts = yaml.textOf(volume).split(':')
  return parts[1] ?? parts[0] ?? ''
}

function envFiles(yaml: YamlLines, value: unknown): string[] {
  const items = yaml.itemsOf(value).map((item) => item.value)
  return [value, ...items]
    .map((item) => yaml.textOf(yaml.find(item, 'path')?.value ?? item))
    .filter((name) => name !== '')
}

function variablesIn(file: string, role: Role, placing: Placing): Source[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .flatMap((text, index) => {
      const [, name] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(text) ?? []
      return name === undefined ? [] : [place(placing, role, `env ${name}`, { file, line: index + 1, text })]
    })
}
