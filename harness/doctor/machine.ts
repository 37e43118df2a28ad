/** The machine itself: what there is of it, and how it reaches others. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { freemem, homedir } from 'node:os'
import { type Diagnosis, fail, isAtLeast, ok, warn } from './diagnosis.ts'
import type { EngineInfo } from './engine.ts'

const GIB = 1024 ** 3

export async function machine(info: EngineInfo | undefined): Promise<Diagnosis[]> {
  return [node(), memory(info), await disk(info), await ports(), proxies(), authorities()]
}

function node(): Diagnosis {
  const found = process.version
  return isAtLeast(found, [22, 22]) ? ok('Node', found) : fail('Node', found, 'install Node 22.22 or later')
}

function memory(info: EngineInfo | undefined): Diagnosis {
  const name = 'memory'
  const available = /^MemAvailable: +(\d+) kB/m.exec(
    existsSync('/proc/meminfo') ? readFileSync('/proc/meminfo', 'utf8') : '',
  )
  // Docker Desktop's machine has less than this one.
  const gib =
    Math.min(available ? Number(available[1]) * 1024 : freemem(), info?.MemTotal ?? Number.POSITIVE_INFINITY) / GIB
  const found = `${gib.toFixed(1)} GiB free`
  return gib >= 4
    ? ok(name, found)
    : warn(name, found, 'leave at least 4 GiB: a kind cluster takes one, each environment its own')
}

async function disk(info: EngineInfo | undefined): Promise<Diagnosis> {
  const name = 'disk'
  const place = info?.DockerRootDir && existsSync(info.DockerRootDir) ? info.DockerRootDir : homedir()
  const { bavail, bsize } = await statfs(place)
  const gib = (bavail * bsize) / GIB
  const found = `${gib.toFixed(0)} GiB free in ${place}`
  if (gib < 2)
    return fail(name, found, 'make room: `docker system df` says what takes it, `docker builder prune` gives some back')
  return gib >= 10 ? ok(name, found) : warn(name, found, 'leave 10 GiB: images and the builder’s cache grow')
}

async function ports(): Promise<Diagnosis> {
  const name = 'ports'
  const server = createServer()
  const error = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve).listen(0, '127.0.0.1', () => resolve(undefined))
  })
  server.close()
  return error
    ? fail(name, `none can be had on 127.0.0.1: ${error.message}`, 'see that the loopback interface is up')
    : ok(name, 'free ones on 127.0.0.1')
}

function proxies(): Diagnosis {
  const name = 'proxies'
  const { env } = process
  const set = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].filter((variable) => env[variable])
  if (set.length === 0) return ok(name, 'none')
  const spared = env.NO_PROXY ?? env.no_proxy ?? ''
  if (/\b(localhost|127\.0\.0\.1)\b/.test(spared)) return ok(name, `${set.join(', ')}, but not for this machine`)
  return warn(name, set.join(', '), 'add localhost,127.0.0.1 to NO_PROXY: services are asked there')
}

/** A proxy that looks into TLS has one of its own, and what is built behind it must know it too. */
function authorities(): Diagnosis {
  const name = 'certificates'
  const own = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'].filter((variable) => process.env[variable])
  const missing = own.filter((variable) => !existsSync(process.env[variable] as string))
  if (missing.length)
    return fail(name, `${missing.join(', ')} names a file that is not there`, 'correct it, or take it away')
  const folder = '/usr/local/share/ca-certificates'
  const added = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.crt')).length : 0
  if (own.length + added === 0) return ok(name, 'the usual ones')
  const found = [...own, ...(added ? [`${added} in ${folder}`] : [])].join(', ')
  return ok(name, `${found}; images that download while they are built need them too`)
}
