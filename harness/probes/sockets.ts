/** Listening TCP sockets out of /proc/net/tcp and /proc/net/tcp6. */

const LISTEN = '0A'
/** Docker's own resolver listens inside each container, on a port that is new each time. */
const DOCKER_DNS = '127.0.0.11'

/** Addresses in order of their ports: `127.0.0.1:8000`, `[::]:80`. */
export function parseListening(tcp: string, tcp6: string): string[] {
  const sockets = [...listening(tcp), ...listening(tcp6)].filter(({ address }) => address !== DOCKER_DNS)
  sockets.sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1))
  return [...new Set(sockets.map(({ address, port }) => `${address}:${port}`))]
}

function listening(table: string): { address: string; port: number }[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === LISTEN)
    .map(([, local = '']) => {
      const [address = '', port = ''] = local.split(':')
      return { address: written(bytesOf(address)), port: Number.parseInt(port, 16) }
    })
}

/** The kernel prints words of four bytes in the machine's order: little-endian wherever containers commonly run. */
function bytesOf(address: string): number[] {
  const words = address.match(/.{8}/g) ?? []
  return words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse())
}

/** An IPv4 address within IPv6 (`::ffff:127.0.0.1`) answers to IPv4 alone, so it is written as such. */
function written(bytes: number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return written(bytes.slice(12))
  // Node's URL writes it as RFC 5952 wants it, brackets included.
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname
}
