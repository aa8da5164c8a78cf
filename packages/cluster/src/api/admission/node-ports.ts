import type { JsonObject, KubeObject } from '@argosy/engine'
import type { Resource } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import type { Admit, Revise } from '../http/world.ts'
import { collectionOf } from '../kinds.ts'
import { type Flaw, flawOf } from '../parts/schema/flaw.ts'
import { numberAt, objectAt, objectsAt, textAt } from '../parts/table/at.ts'
import { invalid } from '../refusals.ts'

const first = 30_000
const last = 32_767
/** Kubernetes leaves the lowest to those who choose one themselves. */
const firstGiven = 30_086

/** Gives new Services the node ports that they need. */
export function admitNodePorts(store: Pick<Store, 'list'>): Admit {
  return async ({ resource }, object) => {
    const json = object as unknown as JsonObject
    return given(store, resource, json, undefined) as unknown as KubeObject
  }
}

/** A change leaves a Service what it had been given, gives it what it needs from now on, and takes what it no longer needs. */
export function reviseNodePorts(store: Pick<Store, 'list'>): Revise {
  return ({ resource }, object, old) => given(store, resource, object, old)
}

function given(
  store: Pick<Store, 'list'>,
  resource: Resource,
  object: JsonObject,
  old: JsonObject | undefined,
): JsonObject {
  if (collectionOf(resource) !== 'services') return object
  const name = textAt(object, 'metadata', 'name') || textAt(object, 'metadata', 'generateName')
  const place = `${textAt(object, 'metadata', 'namespace')}/${name}`
  const others = store
    .list('services')
    .filter(({ namespace, name: other }) => `${namespace}/${other}` !== place)
    .map(({ value }) => objectAt(value as unknown as JsonObject, 'spec'))
  const taken = new Set(others.flatMap((spec) => objectsAt(spec, 'ports').flatMap(keysOf)))
  const before = old && objectAt(old, 'spec')
  const { spec, flaws } = withNodePorts(objectAt(object, 'spec'), before, { taken, seed: place })
  if (flaws.length > 0) throw invalid(resource, name, flaws)
  return spec === object['spec'] ? object : { ...object, spec }
}

interface Given {
  readonly spec: JsonObject
  readonly flaws: readonly Flaw[]
}

interface Others {
  /** As `TCP/30080`. */
  readonly taken: ReadonlySet<string>
  /** The same Service is given the same ports when they are free. */
  readonly seed: string
}

/** The spec of a Service with its node ports, and what is wrong with those that it chose itself. */
export function withNodePorts(
  spec: JsonObject,
  old: JsonObject | undefined,
  { taken, seed }: Others,
): Given {
  const kept = withClusterIp(spec, old)
  if (!needsNodePorts(kept)) return { spec: withoutNodePorts(kept, old), flaws: [] }
  const ports = objectsAt(kept, 'ports')
  const before = old && needsNodePorts(old) ? objectsAt(old, 'ports') : []
  const own = new Set(ports.flatMap(keysOf))
  const flaws: Flaw[] = []
  const seen = new Set<string>()
  const filled = ports.map((port, index) => {
    const nodePort = numberAt(port, 'nodePort')
    if (nodePort !== 0) {
      const flaw = flawIn(port, index, new Set([...taken, ...seen]))
      if (flaw) flaws.push(flaw)
      for (const key of keysOf(port)) seen.add(key)
      return port
    }
    const held = before.find((one) => isSamePort(one, port))
    const free = freePort(port, `${seed}/${index}`, new Set([...taken, ...own]), held)
    if (free === undefined) flaws.push(full(index))
    own.add(`${protocolOf(port)}/${free}`)
    return { ...port, nodePort: free ?? 0 }
  })
  const isSame = filled.every((port, index) => port === ports[index])
  return { spec: isSame ? kept : { ...kept, ports: filled }, flaws }
}

function needsNodePorts(spec: JsonObject): boolean {
  const type = textAt(spec, 'type')
  if (type === 'LoadBalancer') return spec['allocateLoadBalancerNodePorts'] !== false
  return type === 'NodePort'
}

/** Who writes a whole Service anew does not know the address that it was given. */
function withClusterIp(spec: JsonObject, old: JsonObject | undefined): JsonObject {
  const before = old && textAt(old, 'clusterIP')
  const isAsked = textAt(spec, 'clusterIP') === '' && textAt(spec, 'type') !== 'ExternalName'
  if (!before || !isAsked) return spec
  const { clusterIPs = [before], ipFamilies, ipFamilyPolicy } = old
  const families = { ...(ipFamilies && { ipFamilies }), ...(ipFamilyPolicy && { ipFamilyPolicy }) }
  return { ...families, ...spec, clusterIP: before, clusterIPs }
}

/** Ports that are only left over from another type go with it; chosen ones stay, and are refused where they mean nothing. */
function withoutNodePorts(spec: JsonObject, old: JsonObject | undefined): JsonObject {
  if (old === undefined || !needsNodePorts(old)) return spec
  const before = objectsAt(old, 'ports')
  const ports = objectsAt(spec, 'ports')
  const left = ports.map((port) => {
    const held = before.find((one) => isSamePort(one, port))
    if (!held || held['nodePort'] !== port['nodePort']) return port
    const { nodePort: _, ...rest } = port
    return rest
  })
  return { ...spec, ports: left }
}

function flawIn(port: JsonObject, index: number, taken: ReadonlySet<string>): Flaw | undefined {
  const path = `spec.ports[${index}].nodePort`
  const nodePort = numberAt(port, 'nodePort')
  if (nodePort < first || nodePort > last) {
    const why = `provided port is not in the valid range. The range of valid ports is ${first}-${last}`
    return flawOf.invalid(path, nodePort, why)
  }
  if (!keysOf(port).some((key) => taken.has(key))) return undefined
  return flawOf.invalid(path, nodePort, 'provided port is already allocated')
}

function freePort(
  port: JsonObject,
  seed: string,
  taken: ReadonlySet<string>,
  held: JsonObject | undefined,
): number | undefined {
  const isFree = (number: number) => !taken.has(`${protocolOf(port)}/${number}`)
  const had = held ? numberAt(held, 'nodePort') : 0
  if (had !== 0 && isFree(had)) return had
  const start = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 0)
  for (const [from, to] of [[firstGiven, last] as const, [first, firstGiven - 1] as const]) {
    const size = to - from + 1
    for (let step = 0; step < size; step++) {
      const number = from + ((start + step) % size)
      if (isFree(number)) return number
    }
  }
  return undefined
}

function full(index: number): Flaw {
  const why = 'failed to allocate a nodePort: range is full'
  return flawOf.invalid(`spec.ports[${index}].nodePort`, 0, why)
}

function isSamePort(one: JsonObject, other: JsonObject): boolean {
  return one['port'] === other['port'] && protocolOf(one) === protocolOf(other)
}

function protocolOf(port: JsonObject): string {
  return textAt(port, 'protocol') || 'TCP'
}

function keysOf(port: JsonObject): readonly string[] {
  const nodePort = numberAt(port, 'nodePort')
  return nodePort === 0 ? [] : [`${protocolOf(port)}/${nodePort}`]
}
