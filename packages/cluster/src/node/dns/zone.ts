import { isIP } from 'node:net'
import type { NamedService } from '@argosy/kube'
import type { Answer, RecordType } from 'dns-packet'

/** What the cluster says of a name; `elsewhere`: the name is none of the cluster's. */
export type Said =
  | { readonly is: 'known'; readonly answers: readonly Answer[]; readonly also: readonly Answer[] }
  | { readonly is: 'unknown' }
  | { readonly is: 'elsewhere' }
  /** The name is another name for one elsewhere. */
  | { readonly is: 'alias'; readonly answers: readonly Answer[]; readonly target: string }

export interface Asked {
  readonly name: string
  readonly type: RecordType
}

export const clusterDomain = 'cluster.local'
/** Pods come and go: seconds. */
export const ttl = 5
/** A service may be another name of a service that is another name. */
const mostAliases = 8

const nothing: Said = { is: 'known', answers: [], also: [] }
const unknown: Said = { is: 'unknown' }

/** The names of services, as the name servers of clusters tell of them. */
export class Zone {
  readonly #services: ReadonlyMap<string, NamedService>
  readonly #spaces: ReadonlySet<string>
  #byAddress: ReadonlyMap<string, string> | undefined

  constructor(services: readonly NamedService[]) {
    this.#services = new Map(services.map((one) => [`${one.name}.${one.namespace}`, one]))
    this.#spaces = new Set(services.map(({ namespace }) => namespace))
  }

  ask({ name, type }: Asked, aliases = mostAliases): Said {
    const host = name.toLowerCase().replace(/\.$/, '')
    if (host.endsWith('.in-addr.arpa')) return this.#reverse(name, host, type)
    if (host === clusterDomain || host === `svc.${clusterDomain}`) return nothing
    if (!host.endsWith(`.${clusterDomain}`)) return { is: 'elsewhere' }
    const parts = host.slice(0, -clusterDomain.length - 1).split('.')
    const kind = parts.pop()
    if (kind === 'pod') return podName({ name, type }, parts)
    if (kind !== 'svc') return unknown
    return this.#service({ name, type }, parts, aliases)
  }

  #service(asked: Asked, parts: readonly string[], aliases: number): Said {
    const [namespace = '', service = ''] = [...parts].reverse()
    const before = parts.slice(0, -2)
    if (parts.length === 1) return this.#spaces.has(namespace) ? nothing : unknown
    const found = this.#services.get(`${service}.${namespace}`)
    if (!found) return unknown
    if (found.externalName !== undefined) {
      return before.length === 0 ? this.#alias(asked, found.externalName, aliases) : unknown
    }
    if (before.length === 0) return ofService(asked, found)
    if (before.length === 1) return ofHost(asked, found, before[0] ?? '')
    return before.length === 2 ? ofPort(asked, found, before) : unknown
  }

  #alias({ name, type }: Asked, target: string, aliases: number): Said {
    const answers: Answer[] = [{ name, type: 'CNAME', ttl, data: target }]
    if (type === 'CNAME' || aliases <= 1) return { is: 'known', answers, also: [] }
    const behind = this.ask({ name: target, type }, aliases - 1)
    if (behind.is === 'elsewhere') return { is: 'alias', answers, target }
    if (behind.is === 'unknown') return { is: 'known', answers, also: [] }
    return { ...behind, answers: [...answers, ...behind.answers] }
  }

  #reverse(name: string, host: string, type: RecordType): Said {
    const ip = host
      .replace(/\.in-addr\.arpa$/, '')
      .split('.')
      .reverse()
      .join('.')
    this.#byAddress ??= addressesOf(this.#services.values())
    const data = this.#byAddress.get(ip)
    if (data === undefined) return { is: 'elsewhere' }
    return type === 'PTR' ? known([{ name, type: 'PTR', ttl, data }]) : nothing
  }
}

function known(answers: readonly Answer[], also: readonly Answer[] = []): Said {
  return { is: 'known', answers, also }
}

function ofService(asked: Asked, service: NamedService): Said {
  if (asked.type === 'SRV') return serviceRecords(asked, service, () => true)
  return known(addressRecords(asked, service.addresses))
}

/** A pod by its hostname, or by its address with dashes. */
function ofHost(asked: Asked, { hosts, addresses }: NamedService, host: string): Said {
  const ips = hosts.filter(({ hostname }) => hostname === host).map(({ ip }) => ip)
  const found = ips.length > 0 ? ips : addresses.filter((ip) => dashed(ip) === host)
  return found.length > 0 ? known(addressRecords(asked, found)) : unknown
}

/** `_port._protocol`. */
function ofPort(asked: Asked, service: NamedService, [port, protocol]: readonly string[]): Said {
  const matches = (one: NamedService['ports'][number]) =>
    `_${one.name ?? ''}` === port && `_${(one.protocol ?? 'TCP').toLowerCase()}` === protocol
  if (!service.ports.some(matches)) return unknown
  return asked.type === 'SRV' ? serviceRecords(asked, service, matches) : nothing
}

function serviceRecords(
  { name }: Asked,
  service: NamedService,
  wanted: (port: NamedService['ports'][number]) => boolean,
): Said {
  const targets = targetsOf(service)
  const ports = service.ports.filter(wanted)
  const answers = ports.flatMap(({ port }) =>
    targets.map(
      ({ target }): Answer => ({
        ...{ name, type: 'SRV', ttl },
        data: { priority: 0, weight: 100, port, target },
      }),
    ),
  )
  const also = targets.flatMap(({ target, ips }) => [
    ...addressRecords({ name: target, type: 'A' }, ips),
    ...addressRecords({ name: target, type: 'AAAA' }, ips),
  ])
  return known(answers, also)
}

/** A headless service has a target for each pod, others are one themselves. */
function targetsOf({ name, namespace, isHeadless, addresses, hosts }: NamedService) {
  const full = `${name}.${namespace}.svc.${clusterDomain}`
  if (!isHeadless) return [{ target: full, ips: addresses }]
  return addresses.map((ip) => {
    const hostname = hosts.find((one) => one.ip === ip)?.hostname ?? dashed(ip)
    return { target: `${hostname}.${full}`, ips: [ip] }
  })
}

function addressRecords({ name, type }: Asked, ips: readonly string[]): readonly Answer[] {
  const family = type === 'A' ? 4 : type === 'AAAA' ? 6 : 0
  return ips.flatMap((ip) =>
    isIP(ip) === family && family !== 0
      ? [{ name, type: type as 'A' | 'AAAA', ttl, data: ip }]
      : [],
  )
}

/** `127-10-0-1.namespace.pod`: whether there is such a pod nobody asks. */
function podName(asked: Asked, parts: readonly string[]): Said {
  const [host = ''] = parts
  const ip = host.replaceAll('-', '.')
  if (parts.length !== 2 || isIP(ip) !== 4) return unknown
  return known(addressRecords(asked, [ip]))
}

function dashed(ip: string): string {
  return ip.replaceAll(/[.:]/g, '-')
}

function addressesOf(services: Iterable<NamedService>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { name, namespace, addresses, hosts } of services) {
    const full = `${name}.${namespace}.svc.${clusterDomain}`
    for (const { ip, hostname } of hosts) found.set(ip, `${hostname}.${full}`)
    for (const ip of addresses) if (!found.has(ip)) found.set(ip, full)
  }
  return found
}
