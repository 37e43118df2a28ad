/** Brings images from this machine's engine into the node of a kind cluster; only what the node lacks travels. */
import type { Readable, Writable } from 'node:stream'
import { extract, pack } from 'tar-stream'
import { exec, pipe } from '../exec.ts'
import { docker } from './docker.ts'

/** Images that the engine lacks are left to the node, which pulls them itself. */
export async function deliver(names: string[], node: string, signal: AbortSignal): Promise<void> {
  const ctr = ['docker', 'exec', '--interactive', node, 'ctr', '--namespace', 'k8s.io']
  const marks = new Set((await exec([...ctr, 'images', 'ls', '--quiet'], { signal })).stdout.split('\n'))
  const missing = (await inEngine(names)).filter(({ name, id }) => !marks.has(markOf(name, id)))
  if (missing.length === 0) return
  const listed = await exec([...ctr, 'content', 'ls', '--quiet'], { signal })
  const present = new Set(listed.stdout.split('\n'))
  const save = ['docker', 'save', ...missing.map(({ name }) => name)]
  await pipe(save, [...ctr, 'images', 'import', '--all-platforms', '-'], { signal, through: withoutBlobs(present) })
  for (const { name, id } of missing) {
    await exec([...ctr, 'images', 'tag', '--force', qualified(name), markOf(name, id)], { signal })
  }
}

async function inEngine(names: string[]): Promise<{ name: string; id: string }[]> {
  const engine = await docker()
  const found = await Promise.all(
    names.map(async (name) => {
      const image = await engine
        .getImage(name)
        .inspect()
        .catch(() => undefined)
      return image ? [{ name, id: image.Id }] : []
    }),
  )
  return found.flat()
}

/** Leaves out of what `docker save` writes (an OCI image layout) the blobs that are there already, by their digests. */
function withoutBlobs(present: Set<string>): { input: Writable; output: Readable } {
  const [input, output] = [extract(), pack()]
  input.on('entry', (header, content, next) => {
    const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(header.name)?.[1]
    if (digest === undefined || !present.has(`sha256:${digest}`)) {
      content.pipe(output.entry(header, next))
      return
    }
    content.on('end', next).resume()
  })
  input.on('finish', () => output.finalize())
  return { input, output }
}

/** A further name in the node that tells for which contents an image's name stood when it was delivered. */
function markOf(name: string, id: string): string {
  return `delivered.parity/${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}:${id.slice(7, 31)}`
}

/** As containerd names what Docker calls `redis:8` or `parity/web:1`. */
function qualified(name: string): string {
  const [first] = name.split('/') as [string]
  if (!name.includes('/')) return `docker.io/library/${name}`
  return /[.:]|^localhost$/.test(first) ? name : `docker.io/${name}`
}
