import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { exec } from '../../harness/exec.ts'

const PROCESSES = new URL('../../harness/probes/inside/processes.py', import.meta.url)
const SAY = 'become_main_process(); print(os.environ["COMPUTED"], os.getuid(), "/srv" in sys.path)'
/** As an entrypoint does: it computes a variable, steps down from root, and hands over. */
const ENTRYPOINT = 'export COMPUTED="two words"; cd /srv; setpriv --reuid=1234 --clear-groups python -c "input()"; true'

test('a script inside a service is the user and has the variables of its main process', async () => {
  const run = ['docker', 'run', '--detach', '--interactive', '--rm', '--network', 'none', 'python:3.13-slim-trixie']
  const { stdout: id } = await exec([...run, 'sh', '-c', ENTRYPOINT])
  try {
    const input = `${await readFile(PROCESSES, 'utf8')}\n${SAY}`
    const inside = async () => (await exec(['docker', 'exec', '-i', id, 'python', '-'], { input })).stdout
    // The entrypoint takes a moment to hand over.
    await expect.poll(inside, { timeout: 10_000 }).toBe('two words 1234 True')
  } finally {
    await exec(['docker', 'rm', '--force', id])
  }
})
