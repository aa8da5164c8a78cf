import type { KubeObject } from '@argosy/engine'

/** A Service as far as its ports go. */
export interface PortedService extends KubeObject {
  readonly spec?: {
    readonly type?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly clusterIP?: string
    readonly loadBalancerClass?: string
    readonly externalIPs?: readonly string[]
    readonly sessionAffinity?: string
    readonly ports?: readonly ServicePort[]
  }
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: 'True' | 'False' | 'Unknown'
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] }
  }
}

export interface ServicePort {
  readonly name?: string
  readonly protocol?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly nodePort?: number
}

interface NamedPort {
  readonly name?: string
  readonly port?: number
}

export interface PortedEndpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[]
    readonly ports?: readonly NamedPort[]
  }[]
}

export interface PortedSlice extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[]
    readonly conditions?: { readonly ready?: boolean }
  }[]
  readonly ports?: readonly NamedPort[] | null
}

/** Where something answers. */
export interface Target {
  readonly ip: string
  readonly port: number
}

/** The ready pods behind each port of a service, by the port's name. */
export function serviceTargets(
  endpoints: readonly PortedEndpoints[],
  slices: readonly PortedSlice[],
): ReadonlyMap<string, readonly Target[]> {
  const found = new Map<string, Map<string, Target>>()
  for (const { ips, ports } of [...endpoints.flatMap(inEndpoints), ...slices.map(inSlice)]) {
    for (const { name = '', port } of ports) {
      if (port === undefined) continue
      const known = found.get(name) ?? new Map<string, Target>()
      found.set(name, known)
      for (const ip of ips) known.set(`${ip}/${port}`, { ip, port })
    }
  }
  return new Map([...found].map(([name, targets]) => [name, [...targets.values()]]))
}

/** Addresses that answer at the same ports. */
interface Group {
  readonly ips: readonly string[]
  readonly ports: readonly NamedPort[]
}

function inEndpoints({ subsets = [] }: PortedEndpoints): readonly Group[] {
  return subsets.map(({ addresses = [], ports = [] }) => ({
    ips: addresses.map(({ ip }) => ip),
    ports,
  }))
}

function inSlice({ endpoints = [], ports }: PortedSlice): Group {
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false)
  return { ips: ready.flatMap(({ addresses }) => addresses), ports: ports ?? [] }
}
