import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { NamedService } from '@argosy/kube'
import { type NameServer, startNameServer } from './name-server.ts'
import { parseResolvConf } from './resolv-conf.ts'
import { upstreamOf } from './upstream.ts'
import { Zone } from './zone.ts'

export interface OpenNameServerOptions {
  readonly dataDir: string
  readonly named: () => readonly NamedService[]
  readonly log: (line: string) => void
}

const port = 53

/**
 * A name server for the pods of this node, where somebody may listen at port 53. Always at the same address: pods outlive
 * this process. Elsewhere names stay in hosts files alone, and that is said once.
 */
export async function openNameServer({
  dataDir,
  named,
  log,
}: OpenNameServerOptions): Promise<NameServer | undefined> {
  const host = addressFor(dataDir)
  const made = new WeakMap<readonly NamedService[], Zone>()
  const zone = () => {
    const services = named()
    const known = made.get(services) ?? new Zone(services)
    made.set(services, known)
    return known
  }
  try {
    const upstream = upstreamOf(() => machineServers(host))
    return await startNameServer({ host, port, zone, upstream })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!(code in words)) throw error
    log(
      `pods have no name server, since port ${port} at ${host} ${words[code]}: names of Services are in their /etc/hosts, nslookup and SRV records know none`,
    )
    return undefined
  }
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'is not for this user to listen at',
  EPERM: 'is not for this user to listen at',
  EADDRINUSE: 'is in use by another program',
  EADDRNOTAVAIL: 'is no address of this machine',
}

/** One of 127.251.0.0/16: two servers on one machine do not meet. */
function addressFor(dataDir: string): string {
  const [high = 0, low = 0] = createHash('sha1').update(dataDir).digest()
  return `127.251.${high}.${1 + (low % 254)}`
}

/** Read anew: a machine that moves to another network has others. */
function machineServers(own: string): readonly string[] {
  try {
    const { nameservers } = parseResolvConf(readFileSync('/etc/resolv.conf', 'utf8'))
    return nameservers.filter((one) => one !== own)
  } catch {
    return []
  }
}
