/** The project's compose files as compose understands them. */
import { resolve } from 'node:path'
import type { ComposeSpec } from '../config/schema.ts'
import type { ExecOptions } from '../exec.ts'

/** `docker compose` with the project's own files; `projectName` keeps it apart from what else runs of them. */
export function composeCommand(spec: ComposeSpec, directory: string, projectName: string): string[] {
  const files = [spec.file].flat().flatMap((file) => ['--file', resolve(directory, file)])
  return [
    ...['docker', 'compose', '--project-name', projectName, '--progress', 'plain', '--ansi', 'never'],
    ...['--project-directory', resolve(directory, [spec.file].flat()[0] as string, '..')],
    ...(spec.envFile ? ['--env-file', resolve(directory, spec.envFile)] : []),
    ...spec.profiles.flatMap((profile) => ['--profile', profile]),
    ...files,
  ]
}

/**
 * The service whose build makes the image of a service: itself, or another one, where one builds what several name.
 * @returns undefined for a ready-made image
 */
export function builderOf(
  name: string,
  services: { [name: string]: { build?: unknown; image?: string } },
): string | undefined {
  const { build, image } = services[name] ?? {}
  if (build) return name
  return image && Object.keys(services).find((other) => services[other]?.build && services[other].image === image)
}

/** Where it runs, and the variables for interpolation. */
export function composeOptions(spec: ComposeSpec, directory: string): Pick<ExecOptions, 'cwd' | 'env'> {
  return { cwd: directory, env: withVars(spec, spec.env) }
}

/** Variables with `${vars.NAME}` filled in. */
export function withVars({ vars }: ComposeSpec, env: Record<string, string>): Record<string, string> {
  const fill = (value: string) => value.replace(/\$\{vars\.(\w+)\}/g, (_, name: string) => vars[name] ?? '')
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]))
}
