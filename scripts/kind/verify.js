// Shows on a cluster of its own that the pinned kind, kubectl and node image do here what the harness needs of them:
// `npm run setup:kind:verify`. Leaves nothing behind.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { activity } from '../setup/activity.js'
import { run, SetupError } from '../setup/command.js'
import { kind, kubectl, nodeImage } from './paths.js'

const READY = '180s'
const image = 'python:3.13-slim-trixie'
const manifest = fileURLToPath(new URL('verify.yaml', import.meta.url))
const name = `parity-verify-${process.pid}`
const node = `${name}-control-plane`

async function main(folder) {
  const kubeconfig = join(folder, 'kubeconfig')
  const cluster = (...args) => run(kubectl, ['--kubeconfig', kubeconfig, ...args])
  const inPod = (...command) => cluster('exec', 'deployment/verify', '--', ...command)

  await step('cluster', async () => {
    const config = join(folder, 'cluster.yaml')
    writeFileSync(config, clusterConfig)
    const options = ['--image', nodeImage, '--config', config, '--kubeconfig', kubeconfig, '--wait', READY]
    await kindRun('create', 'cluster', '--name', name, ...options)
    return `ready on ${nodeImage}`
  })
  await step('image', async () => {
    await run('sh', ['-c', `docker save ${image} | docker exec -i ${node} ctr -n k8s.io images import -`])
    return `${image} delivered`
  })
  await step('pod', async () => {
    await cluster('apply', '-f', manifest)
    await cluster('rollout', 'status', 'deployment/verify', `--timeout=${READY}`)
    return 'ready'
  })
  await step('volume', async () => {
    await inPod('touch', '/data/written')
    return expect(await cluster('get', 'pvc', 'verify', '-o', 'jsonpath={.status.phase}'), /^Bound$/)
  })
  await step('node port', async () => {
    const address = (await run('docker', ['port', node, '30080/tcp'])).trim()
    expect(address, /^127\.0\.0\.1:/)
    return expect(await (await fetch(`http://${address}/`)).text(), /written/) && `${address} serves the volume`
  })
  await step('logs', async () => expect(await cluster('logs', 'deployment/verify'), /GET \/ HTTP.* 200/))
  await step('names', async () => {
    const lookup = "import socket; print(socket.gethostbyname('verify.default.svc.cluster.local'))"
    return expect(await inPod('python', '-c', lookup), /^10\.96\./)
  })
  await step('memory limit', async () => {
    const files = '/sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes'
    return expect(await inPod('sh', '-c', `cat ${files} 2>/dev/null || true`), /^67108864$/m)
  })
  await step('node', async () => {
    const usage = await run('docker', ['stats', '--no-stream', '--format', '{{.MemUsage}}', node])
    return `uses ${usage.split('/')[0].trim()} of memory`
  })
}

const clusterConfig = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking:
  apiServerAddress: 127.0.0.1
nodes:
  - role: control-plane
    extraPortMappings:
      - { containerPort: 30080, listenAddress: 127.0.0.1 }
`

function step(what, work) {
  return activity(what, 'on the way', async ({ outcome }) => outcome(await work()))
}

function expect(found, pattern) {
  if (pattern.test(found)) return found.trim().split('\n').at(-1)
  throw new SetupError(`Expected ${pattern}, found:\n${found}`)
}

function kindRun(...args) {
  return run(kind, args, { env: { ...process.env, KIND_EXPERIMENTAL_PROVIDER: 'docker' } })
}

const folder = mkdtempSync(join(tmpdir(), 'parity-verify-'))
try {
  await main(folder)
} catch (error) {
  process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`)
  process.exitCode = 3
} finally {
  await kindRun('delete', 'cluster', '--name', name, '--kubeconfig', join(folder, 'kubeconfig'))
  rmSync(folder, { recursive: true, force: true })
}
