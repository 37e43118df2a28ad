/** Where parity.yaml says what a role is given. */
import type { ContainersSpec } from '../../config/schema.ts'
import type { Source } from '../../model.ts'
import { imageOfBuild } from '../image.ts'
import { sourcesInDockerfile } from './dockerfile.ts'
import type { Placing } from './place.ts'
import { sourcesOfService } from './service.ts'
import { readYamlLines } from './yaml-lines.ts'

export async function containersSources(
  spec: ContainersSpec,
  placing: Placing,
  name: string,
  file: string,
): Promise<Source[]> {
  const yaml = readYamlLines(file)
  const services = yaml.membersOf(yaml.find(yaml.root, 'environments', name, 'services')?.value)
  return services.flatMap((service) => {
    const image = spec.services[service.key]?.image ?? ''
    const build = spec.images[image]
    return [
      ...sourcesOfService(file, yaml, service, service.key, placing),
      ...(build ? sourcesInDockerfile(imageOfBuild(build, image, placing.directory), service.key, placing) : []),
    ]
  })
}
