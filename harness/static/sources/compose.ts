/** Where compose files say what a role is given. Without compose itself, which keeps no lines. */
import { resolve } from 'node:path'
import type { ComposeSpec } from '../../config/schema.ts'
import type { Source } from '../../model.ts'
import { builtImage } from '../image.ts'
import { sourcesInDockerfile } from './dockerfile.ts'
import type { Placing } from './place.ts'
import { sourcesOfService } from './service.ts'
import { type Member, readYamlLines, type YamlLines } from './yaml-lines.ts'

export async function composeSources(spec: ComposeSpec, placing: Placing): Promise<Source[]> {
  const roleOf = (service: string) => Object.entries(spec.services).find(([, name]) => name === service)?.[0] ?? service
  return [spec.file].flat().flatMap((name) => {
    const file = resolve(placing.directory, name)
    const yaml = readYamlLines(file)
    return yaml
      .membersOf(yaml.find(yaml.root, 'services')?.value)
      .flatMap((service) => inService(file, yaml, service, roleOf(service.key), placing))
  })
}

function inService(file: string, yaml: YamlLines, service: Member, role: string, placing: Placing): Source[] {
  const own = sourcesOfService(file, yaml, service, role, placing)
  const text = (...keys: string[]) => yaml.textOf(yaml.find(service.value, ...keys)?.value) || undefined
  const context = text('build', 'context') ?? text('build')
  if (context === undefined) return [...own, ...extended(file, yaml, service, role, placing)]
  const image = builtImage(
    {
      context: resolve(file, '..', context),
      file: text('build', 'dockerfile'),
      target: text('build', 'target'),
      args: {},
    },
    service.key,
  )
  return [...own, ...extended(file, yaml, service, role, placing), ...sourcesInDockerfile(image, role, placing)]
}

/** https://docs.docker.com/reference/compose-file/services/#extends */
function extended(file: string, yaml: YamlLines, service: Member, role: string, placing: Placing): Source[] {
  const base = yaml.find(service.value, 'extends')
  if (!base) return []
  const name = yaml.textOf(yaml.find(base.value, 'service')?.value ?? base.value)
  const elsewhere = yaml.textOf(yaml.find(base.value, 'file')?.value)
  const from = elsewhere ? resolve(file, '..', elsewhere) : file
  const other = from === file ? yaml : readYamlLines(from)
  const found = other.find(other.root, 'services', name)
  return found && found.line !== service.line ? inService(from, other, found, role, placing) : []
}
