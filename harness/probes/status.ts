/** /proc/PID/status (man 5 proc): whose a process is, what it makes of signals, and what it may do. */
import type { Json } from '../model.ts'

/** Those by which platforms and people end and reload programs. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 }

/** The effective ids; supplementary groups in order. */
export function parseUser(status: string): Json {
  const ids = (name: string) => [...line(status, name).matchAll(/\d+/g)].map(Number)
  return { uid: ids('Uid')[1] ?? null, gid: ids('Gid')[1] ?? null, groups: ids('Groups').sort((a, b) => a - b) }
}

/** What the first process makes of signals. By `default` it gets none at all: the kernel keeps them from PID 1. */
export function parseSignals(status: string): Json {
  const [caught, ignored] = [mask(status, 'SigCgt'), mask(status, 'SigIgn')]
  const disposition = (signal: number) =>
    has(caught, signal - 1) ? 'handled' : has(ignored, signal - 1) ? 'ignored' : 'default'
  return Object.fromEntries(Object.entries(SIGNALS).map(([name, signal]) => [name, disposition(signal)]))
}

/**
 * Capabilities that the process has, and those that it can come to by way of a program that has them (sudo, ping).
 * The seccomp filter is left out: Docker always sets one, Kubernetes only when asked, both the same; what it keeps a
 * program from doing shows in what the program does.
 */
export function parsePrivileges(status: string): Json {
  const names = (set: bigint) => CAPABILITIES.filter((_, bit) => has(set, bit))
  const effective = mask(status, 'CapEff')
  const isBarred = line(status, 'NoNewPrivs').trim() === '1'
  const attainable = isBarred ? 0n : mask(status, 'CapBnd') & ~effective
  return { capabilities: names(effective), attainable: names(attainable) }
}

function line(status: string, name: string): string {
  const found = status.split('\n').find((candidate) => candidate.startsWith(`${name}:`))
  return found?.slice(name.length + 1) ?? ''
}

function mask(status: string, name: string): bigint {
  return BigInt(`0x${line(status, name).trim() || 0}`)
}

function has(set: bigint, bit: number): boolean {
  return ((set >> BigInt(bit)) & 1n) === 1n
}

/** By their bits: include/uapi/linux/capability.h. */
const CAPABILITIES =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
  NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
  SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
  MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`.split(/\s+/)
