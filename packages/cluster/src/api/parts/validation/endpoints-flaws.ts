import { isIP } from 'node:net'
import type { Json, JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectsAt, textAt, textsAt } from '../table/at.ts'
import { addressFlaws } from './address-flaws.ts'
import { label, labelValue, qualifiedNameOrEmpty, subdomainOrEmpty } from './name-rules.ts'
import { immutable, ip, oneOf, port, protocol, required } from './rules.ts'

type EndpointsCheck = (object: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

/** What is wrong with an Endpoints object; what it had before it may keep. */
export const endpointsFlaws: EndpointsCheck = (object, old) => {
  if (old && equalJson(old['subsets'], object['subsets'])) return []
  return objectsAt(object, 'subsets').flatMap((subset, index) => {
    const path = `subsets[${index}]`
    const lists = ['addresses', 'notReadyAddresses']
    const isEmpty = lists.every((name) => objectsAt(subset, name).length === 0)
    const ports = objectsAt(subset, 'ports')
    return [
      ...(isEmpty
        ? [flawOf.required(path, 'must specify `addresses` or `notReadyAddresses`')]
        : []),
      ...lists.flatMap((name) =>
        objectsAt(subset, name).flatMap((address, at) =>
          holderFlaws(address, `${path}.${name}[${at}]`),
        ),
      ),
      ...ports.flatMap((one, at) => portFlaws(one, `${path}.ports[${at}]`, ports.length > 1)),
    ]
  })
}

function holderFlaws(address: JsonObject, path: string): readonly Flaw[] {
  return [
    ...reachable(`${path}.ip`, textAt(address, 'ip')),
    ...label(`${path}.hostname`, address['hostname'] || undefined),
    ...nodeName(`${path}.nodeName`, address['nodeName']),
  ]
}

function portFlaws(one: JsonObject, path: string, isNamed: boolean): readonly Flaw[] {
  const { name, appProtocol } = one
  return [
    ...(isNamed ? required(`${path}.name`, name) : []),
    ...label(`${path}.name`, name || undefined),
    ...port(`${path}.port`, one['port'] ?? 0),
    ...protocol(`${path}.protocol`, one['protocol']),
    ...(appProtocol === undefined ? [] : qualifiedNameOrEmpty(`${path}.appProtocol`, appProtocol)),
  ]
}

/** Pods have addresses of the machine's own network here, so those are as good as others. */
function reachable(path: string, address: string): readonly Flaw[] {
  if (isIP(address) === 0)
    return [...ip(path, address), flawOf.invalid(path, address, 'must be a valid IP address')]
  return addressFlaws(path, address).filter(({ message }) => !message.includes('loopback'))
}

function nodeName(path: string, value: Json | undefined): readonly Flaw[] {
  return value === undefined ? [] : subdomainOrEmpty(path, value)
}

const addressTypes = oneOf(['FQDN', 'IPv4', 'IPv6'])

/** What is wrong with an EndpointSlice; the endpoints that it had before it may keep. */
export const endpointSliceFlaws: EndpointsCheck = (object, old) => {
  const { addressType = '' } = object
  const isKept = old !== undefined && equalJson(old['endpoints'], object['endpoints'])
  return [
    ...required('addressType', addressType),
    ...(addressType === '' ? [] : addressTypes('addressType', addressType)),
    ...slicePortsFlaws(objectsAt(object, 'ports')),
    ...(isKept
      ? []
      : objectsAt(object, 'endpoints').flatMap((endpoint, index) =>
          endpointFlaws(endpoint, `endpoints[${index}]`, String(addressType)),
        )),
    ...(old ? immutable('addressType', addressType, old['addressType']) : []),
  ]
}

function slicePortsFlaws(ports: readonly JsonObject[]): readonly Flaw[] {
  const seen = new Set<string>()
  return ports.flatMap((one, index) => {
    const path = `ports[${index}]`
    const [name, { appProtocol }] = [textAt(one, 'name'), one]
    const isTaken = seen.has(name)
    seen.add(name)
    return [
      ...label(`${path}.name`, name || undefined),
      ...(isTaken ? [flawOf.duplicate(`${path}.name`, name)] : []),
      ...protocol(`${path}.protocol`, one['protocol']),
      ...(appProtocol === undefined
        ? []
        : qualifiedNameOrEmpty(`${path}.appProtocol`, appProtocol)),
    ]
  })
}

function endpointFlaws(endpoint: JsonObject, path: string, type: string): readonly Flaw[] {
  const addresses = textsAt(endpoint, 'addresses')
  return [
    ...(addresses.length === 0
      ? [flawOf.required(`${path}.addresses`, 'must contain at least 1 address')]
      : []),
    ...addresses.flatMap((address, index) =>
      sliceAddressFlaws(address, `${path}.addresses`, { index, type }),
    ),
    ...nodeName(`${path}.nodeName`, endpoint['nodeName']),
    ...(endpoint['hostname'] === undefined
      ? []
      : hostname(`${path}.hostname`, textAt(endpoint, 'hostname'))),
    ...zoneFlaws(objectsAt(endpoint, 'hints', 'forZones'), `${path}.hints.forZones`),
  ]
}

function hostname(path: string, value: string): readonly Flaw[] {
  // Of a label that is there nothing is left out.
  return value === '' ? label(path, '-').map((flaw) => emptied(flaw)) : label(path, value)
}

function emptied(flaw: Flaw): Flaw {
  return { ...flaw, message: flaw.message.replace('"-"', '""') }
}

interface SliceAddress {
  readonly index: number
  readonly type: string
}

function sliceAddressFlaws(
  address: string,
  path: string,
  { index, type }: SliceAddress,
): readonly Flaw[] {
  const family = { IPv4: 4, IPv6: 6 }[type]
  if (family === undefined) return []
  const here = `${path}[${index}]`
  if (isIP(address) === 0) return ip(here, address)
  const other =
    isIP(address) === family ? [] : [flawOf.invalid(path, address, `must be an ${type} address`)]
  return [...other, ...reachable(here, address)]
}

function zoneFlaws(zones: readonly JsonObject[], path: string): readonly Flaw[] {
  const seen = new Set<string>()
  return zones.flatMap((zone, index) => {
    const [name, here] = [textAt(zone, 'name'), `${path}[${index}].name`]
    const isTaken = seen.has(name)
    seen.add(name)
    return [...(isTaken ? [flawOf.duplicate(here, name)] : []), ...labelValue(here, name)]
  })
}
