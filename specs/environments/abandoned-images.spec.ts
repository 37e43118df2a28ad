import { expect, test } from 'vitest'
import { passingName, removeAbandonedImages } from '../../harness/environments/passing.ts'
import { exec } from '../../harness/exec.ts'

const names = async (project: string) => {
  const listing = ['--format', '{{.Repository}}', '--filter', `reference=parity/${project}-*`]
  return (await exec(['docker', 'image', 'ls', ...listing])).stdout
}

test('images of a process that was killed go with the next sweep; those of one that lives stay', async () => {
  const module = new URL('../../harness/environments/passing.ts', import.meta.url)
  const script = `import { passingName } from '${module}'; console.log(passingName('gone'))`
  const { stdout: dead } = await exec([process.execPath, '--input-type=module', '--eval', script])
  const living = passingName('here')
  try {
    for (const project of [dead, living]) await exec(['docker', 'tag', 'redis:8-trixie', `parity/${project}-web:1`])
    expect(await removeAbandonedImages()).toContain(`parity/${dead}-web:1`)
    expect(await names(dead)).toBe('')
    expect(await names(living)).toBe(`parity/${living}-web`)
  } finally {
    await exec(['docker', 'image', 'rm', `parity/${living}-web:1`])
  }
})
