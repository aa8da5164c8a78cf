import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Client } from '../client.ts'
import { type FindHost, findHost } from './find-host.ts'

/** What connections of Node ask for addresses: names of a cluster first, then the machine's. */
export function lookupThrough(find: FindHost): LookupFunction {
  // Of several pods each has its turn.
  let turn = 0
  return (host, options, callback) => {
    find(host).then(
      async (found) => {
        if (found === undefined) {
          const { lookup } = await import('node:dns')
          lookup(host, options as LookupOptions & { all: true }, callback)
          return
        }
        const all = addressesFor(found, options.family).map(addressOf)
        const first = all.length === 0 ? 0 : turn++ % all.length
        answer([...all.slice(first), ...all.slice(0, first)], { host, options, callback })
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    )
  }
}

interface Asked {
  readonly host: string
  readonly options: LookupOptions
  readonly callback: Parameters<LookupFunction>[2]
}

function answer(all: LookupAddress[], { host, options, callback }: Asked): void {
  const [first] = all
  if (!first) callback(nobody(host), '')
  else if (options.all) callback(null, all)
  else callback(null, first.address, first.family)
}

function addressesFor(found: readonly string[], family: LookupOptions['family']) {
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : (family ?? 0)
  return wanted === 0 ? found : found.filter((address) => isIP(address) === wanted)
}

function addressOf(address: string): LookupAddress {
  return { address, family: isIP(address) }
}

/** As the system's own look-up says it: callers know the code. */
function nobody(hostname: string): Error {
  const words = `getaddrinfo ENOTFOUND ${hostname} (the service is there, but no pod behind it is ready)`
  return Object.assign(new Error(words), {
    ...{ code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname },
  })
}

/** One for each namespace of a cluster. */
export function lookupsIn(client: Client): (namespace: string) => LookupFunction {
  const known = new Map<string, LookupFunction>()
  return (namespace) => {
    const lookup = known.get(namespace) ?? lookupThrough(findHost(client, namespace))
    known.set(namespace, lookup)
    return lookup
  }
}
