import type { Contract, Declared } from '../contract.ts'
import { byRole, type Question, variablesIn } from './question.ts'

export const addresses: Question = {
  name: 'static/addresses',
  question: 'Does every address that it is given lead to something of its environment?',
  ask: (contract, { ownRoles }) =>
    byRole(contract, ownRoles, (declared) => {
      const given = addressesIn(declared)
      const known = hostsOf(contract)
      const named = ({ variable, host, port }: Address) => `${variable}: ${host}${port ? `:${port}` : ''}`
      return {
        unknownHosts: given.filter(({ host }) => isInternal(host) && !known.has(host)).map(named),
        closedPorts: given.filter((address) => isClosed(address, contract)).map(named),
        itself: given.filter(({ host, ofStore }) => ofStore && LOOPBACK.test(host)).map(named),
      }
    }),
}

interface Address {
  variable: string
  host: string
  port?: number
  /** A database or a broker, which does not run beside the application in its container. */
  ofStore: boolean
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/
const STORE_NAME =
  /(^|_)(DB|DATABASE|POSTGRES\w*|PG|MYSQL|MONGO\w*|REDIS|VALKEY|CACHE|BROKER|RABBIT\w*|AMQP|ELASTIC\w*)_?HOST(NAME)?$/

function addressesIn(declared: Declared): Address[] {
  return Object.entries(variablesIn(declared)).flatMap(([variable, { value = '' }]) => {
    if (/(^|_)HOST(NAME)?$/.test(variable) && /^[\w.-]+$/.test(value)) {
      return [{ variable, host: value, ofStore: STORE_NAME.test(variable) }]
    }
    const urls = value.matchAll(/\b([a-z][a-z0-9+.-]*):\/\/(?:[^\s/@,]*@)?([\w.-]+)(?::(\d+))?/gi)
    return [...urls].map(([, scheme, host, port]) => ({
      variable,
      host: host as string,
      ...(port && { port: Number(port) }),
      ofStore: !/^(https?|wss?)$/i.test(scheme as string),
    }))
  })
}

function hostsOf({ roles, tasks, hosts }: Contract): Set<string> {
  return new Set([...Object.values(roles), ...Object.values(tasks)].flatMap(({ aliases }) => aliases).concat(hosts))
}

/** A name without a dot, or one of the cluster's, can only be found inside. */
function isInternal(host: string): boolean {
  const bare = !host.includes('.') && !LOOPBACK.test(host) && host !== 'host'
  return bare || /\.svc(\.|$)/.test(host)
}

/** A Kubernetes Service lets through nothing but its own ports. */
function isClosed({ host, port }: Address, { services }: Contract): boolean {
  const service = services.find((service) => service.host === host)
  return port !== undefined && service !== undefined && !service.ports.includes(port)
}
