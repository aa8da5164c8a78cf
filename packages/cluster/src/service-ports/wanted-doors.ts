import type { PortedService, ServicePort, Target } from './service-targets.ts'

/** A port of this machine at which a service is to answer. */
export interface Door {
  readonly protocol: 'TCP' | 'UDP'
  readonly host: string
  readonly port: number
  /** By its number on every address of the machine, or at the service's own address. */
  readonly kind: 'node' | 'own'
  /** The name of the service's port. */
  readonly portName: string
  /** Pods answer at this very port: if they listen at every address, they answer here without us. */
  readonly mayBeServed: boolean
}

export interface DoorPlaces {
  /** Where node ports are opened. */
  readonly nodeHosts: readonly string[]
  /** Where balancers answer that have no address of their own; default: at the service's. */
  readonly ownHost?: string
}

type Targets = ReadonlyMap<string, readonly Target[]>

/** The doors of a service: of its node ports always, at its own address when it needs some and pods are ready. */
export function wantedDoors(
  { spec = {} }: PortedService,
  targets: Targets,
  places: DoorPlaces,
): readonly Door[] {
  const { type, ports = [] } = spec
  if (type === 'ExternalName') return []
  const nodeDoors = ports
    .filter(isCarried)
    .flatMap((port) =>
      port.nodePort
        ? places.nodeHosts.map((host) =>
            doorAt(port, { host, port: port.nodePort ?? 0, kind: 'node' }),
          )
        : [],
    )
  const host = ownHost(spec, places)
  if (host === undefined || needsOwnDoors(spec, targets) !== true) return nodeDoors
  const own = ports.filter(isCarried).map((port) => {
    const mayBeServed = targetsOf(port, targets).some((one) => one.port === port.port)
    return { ...doorAt(port, { host, port: port.port, kind: 'own' }), mayBeServed }
  })
  return [...nodeDoors, ...own]
}

type Spec = NonNullable<PortedService['spec']>

/**
 * Whether clients of its own address would meet nobody there: its ports are not those of its pods, or it is a balancer.
 * Undefined while not all of its ports lead to a pod that is ready, which may want to listen at every address itself.
 */
export function needsOwnDoors(spec: Spec, targets: Targets): boolean | undefined {
  const { clusterIP = '', ports = [] } = spec
  if (clusterIP === '' || clusterIP === 'None') return false
  if (ports.some((port) => targetsOf(port, targets).length === 0)) return undefined
  if (isBalancer(spec)) return true
  return ports.some((port) => targetsOf(port, targets).some((one) => one.port !== port.port))
}

function targetsOf({ name = '' }: ServicePort, targets: Targets): readonly Target[] {
  return targets.get(name) ?? []
}

/** A balancer of a class is somebody else's. */
export function isBalancer({ type, loadBalancerClass }: Spec): boolean {
  return type === 'LoadBalancer' && !loadBalancerClass
}

function ownHost(spec: Spec, { ownHost }: DoorPlaces): string | undefined {
  const { clusterIP = '' } = spec
  if (clusterIP === '' || clusterIP === 'None') return undefined
  if (ownHost === undefined) return clusterIP.startsWith('127.') ? clusterIP : undefined
  return isBalancer(spec) ? ownHost : undefined
}

/** SCTP is carried by nobody here. */
export function isCarried({ protocol = 'TCP' }: ServicePort): boolean {
  return protocol === 'TCP' || protocol === 'UDP'
}

function doorAt(
  { protocol, name = '' }: ServicePort,
  at: Pick<Door, 'host' | 'port' | 'kind'>,
): Door {
  return { protocol: protocol === 'UDP' ? 'UDP' : 'TCP', ...at, portName: name, mayBeServed: false }
}
