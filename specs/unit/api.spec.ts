import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { api } from '../../harness/environments/api.ts'
import { scratchFolder } from '../../harness/environments/scratch.ts'

test('what asks one cluster shares its connections, until the kubeconfig leads to another', async () => {
  await using scratch = await scratchFolder()
  const kubeconfig = join(scratch.path, 'kubeconfig')
  const of = async (port: number) => {
    const clusters = [{ name: 'one', cluster: { server: `https://127.0.0.1:${port}` } }]
    const contexts = ['a', 'b'].map((name) => ({ name, context: { cluster: 'one', user: 'one' } }))
    const users = [{ name: 'one', user: { token: 'nobody' } }]
    await writeFile(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters, contexts, users }))
    return api({ kubeconfig, context: 'a' })
  }
  const first = await of(1)
  expect(await of(1)).toBe(first)
  expect(await of(2)).not.toBe(first)
  expect(api({ kubeconfig, context: 'b' })).not.toBe(await of(2))
})
