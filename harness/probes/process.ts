/** What is really running: the main process of each role, as /proc shows it. */
import { readFile } from 'node:fs/promises'
import type { ParityFile } from '../config/schema.ts'
import type { Environment, Json, Probe } from '../model.ts'
import { askRoles, inService } from './inside.ts'

const SCRIPT = new URL('inside/process.sh', import.meta.url)
/** Names the instance: the container's id or the pod's name. */
const INSTANCE_VARIABLES = ['HOSTNAME']

export function processProbe({ process }: ParityFile): Probe {
  return {
    name: 'process',
    question: 'Which program runs as whom, where, with which variables, and on which addresses does it listen?',
    mutates: false,
    observe: async (environment, signal) => {
      const script = await readFile(SCRIPT, 'utf8')
      return askRoles(environment, process?.roles ?? ownRoles(environment), async (service) => {
        const { stdout } = await inService(service, ['sh', '-s'], signal, { input: script })
        return describeProcess(stdout)
      })
    },
  }
}

function ownRoles({ services }: Environment): string[] {
  return Object.values(services)
    .filter(({ ownImage }) => ownImage)
    .map(({ role }) => role)
}

/** @param output what inside/process.sh printed */
export function describeProcess(output: string): Json {
  const parts = Object.fromEntries(output.split('\n').map((line) => line.split(' ', 2) as [string, string]))
  const text = (name: string) => (parts[name] === undefined ? undefined : Buffer.from(parts[name], 'hex').toString())
  const list = (name: string) => text(name)?.replace(/\0$/, '').split('\0')
  const init = list('init') ?? []
  const argv = list('argv') ?? []
  return {
    argv,
    ...(init.join('\0') !== argv.join('\0') && { init }),
    user: user(text('status') ?? ''),
    directory: text('directory') ?? { $error: 'the working directory may not be read' },
    listening: listening(text('tcp') ?? '', text('tcp6') ?? ''),
    environment: variables(list('environment')),
  }
}

/** proc_pid_status(5): real, effective, saved and file system ids. */
function user(status: string): Json {
  const numbers = (name: string) =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim().split(/\s+/).map(Number)
  const groups = (numbers('Groups') ?? []).filter((group) => !Number.isNaN(group)).sort((a, b) => a - b)
  return { uid: numbers('Uid')?.[1] ?? null, gid: numbers('Gid')?.[1] ?? null, groups }
}

/** proc_net_tcp: local address and state, 0A being LISTEN. Docker's own name server at 127.0.0.11 is left out. */
function listening(tcp: string, tcp6: string): Json {
  const addresses = [...tcp.split('\n'), ...tcp6.split('\n')].flatMap((line) => {
    const [, , local, , state] = line.split(/\s+/)
    const [address, port] = local?.split(':') ?? []
    if (state !== '0A' || !address || !port) return []
    const host = address.length === 8 ? ipv4(address) : ipv6(address)
    return host === '127.0.0.11' ? [] : [`${host}:${Number.parseInt(port, 16)}`]
  })
  return [...new Set(addresses)].sort()
}

/** Four bytes, in the byte order of the machine, which is little-endian wherever containers run. */
function ipv4(hex: string): string {
  return [...Buffer.from(hex, 'hex')].reverse().join('.')
}

/** Four words of four bytes each. */
function ipv6(hex: string): string {
  const bytes = Buffer.from(hex, 'hex').swap32()
  const mapped = bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'))
  if (mapped) return [...bytes.subarray(12)].join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':')
  return `[${groups.replace(/\b0(?::0)+\b/, ':').replace(':::', '::')}]`
}

function variables(entries: string[] | undefined): Json {
  if (!entries) return { $error: 'the environment of the main process may not be read: it runs as another user' }
  const pairs = entries
    .filter((entry) => entry.includes('='))
    .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const)
    .filter(([name]) => !INSTANCE_VARIABLES.includes(name))
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}
