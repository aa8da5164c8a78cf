import { isObject, type KubeObject } from '@argosy/engine'
import { at, numberAt, objectAt, objectsAt, textAt, textsAt } from './at.ts'
import { labelsText, selectorText } from './labels.ts'
import { ageOf, columns, nameOf, type Printer } from './printer.ts'

const service: Printer = {
  columns: columns('Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', '*Selector'),
  cells: (object, now) => [
    nameOf(object),
    typeOf(object),
    textsAt(object, 'spec', 'clusterIPs')[0] ?? '<none>',
    externalIp(object),
    portsOf(object),
    ageOf(object, now),
    labelsText(objectAt(object, 'spec', 'selector')),
  ],
}

function typeOf(object: KubeObject): string {
  return textAt(object, 'spec', 'type') || 'ClusterIP'
}

function externalIp(object: KubeObject): string {
  const given = textsAt(object, 'spec', 'externalIPs').join(',')
  switch (typeOf(object)) {
    case 'ClusterIP':
    case 'NodePort':
      return given || '<none>'
    case 'LoadBalancer':
      return [balancers(object), given].filter(Boolean).join(',') || '<pending>'
    case 'ExternalName':
      return textAt(object, 'spec', 'externalName')
    default:
      return '<unknown>'
  }
}

function balancers(object: KubeObject): string {
  const all = objectsAt(object, 'status', 'loadBalancer', 'ingress')
  const names = all.map((one) => textAt(one, 'ip') || textAt(one, 'hostname')).filter(Boolean)
  return [...new Set(names)].sort().join(',')
}

function portsOf(object: KubeObject): string {
  const texts = objectsAt(object, 'spec', 'ports').map((one) => {
    const nodePort = numberAt(one, 'nodePort')
    const port = `${numberAt(one, 'port')}${nodePort > 0 ? `:${nodePort}` : ''}`
    return `${port}/${textAt(one, 'protocol') || 'TCP'}`
  })
  return texts.join(',') || '<none>'
}

const shown = 3

/** The first three, and how many more there are. */
function firstOf(list: readonly string[], none: string): string {
  const text = list.slice(0, shown).join(',') || none
  return list.length > shown ? `${text} + ${list.length - shown} more...` : text
}

const endpoints: Printer = {
  columns: columns('Name', 'Endpoints', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    firstOf(addresses(object), '<none>'),
    ageOf(object, now),
  ],
}

function addresses(object: KubeObject): readonly string[] {
  return objectsAt(object, 'subsets').flatMap((subset) => {
    const ips = objectsAt(subset, 'addresses').map((one) => textAt(one, 'ip'))
    const ports = objectsAt(subset, 'ports').map((one) => numberAt(one, 'port'))
    if (ports.length === 0) return ips
    return ports.flatMap((port) => ips.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`))
  })
}

const endpointSlice: Printer = {
  columns: columns('Name', 'AddressType', 'Ports', 'Endpoints', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    textAt(object, 'addressType'),
    firstOf(
      objectsAt(object, 'ports').map((one) => textAt(one, 'port') || textAt(one, 'name') || '*'),
      '<unset>',
    ),
    firstOf(
      objectsAt(object, 'endpoints').flatMap((one) => textsAt(one, 'addresses')),
      '<unset>',
    ),
    ageOf(object, now),
  ],
}

const ingress: Printer = {
  columns: columns('Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    textAt(object, 'spec', 'ingressClassName') || '<none>',
    hostsOf(object),
    balancers(object),
    objectsAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80',
    ageOf(object, now),
  ],
}

function hostsOf(object: KubeObject): string {
  const rules = objectsAt(object, 'spec', 'rules')
  const hosts = rules.map((rule) => textAt(rule, 'host')).filter(Boolean)
  if (hosts.length === 0) return '*'
  const text = hosts.slice(0, shown).join(',')
  return hosts.length > shown || isCut(rules.map((rule) => textAt(rule, 'host')))
    ? `${text} + ${rules.length - shown} more...`
    : text
}

/** Whether a rule, with a host or without, follows the third host. */
function isCut(hosts: readonly string[]): boolean {
  let seen = 0
  return hosts.some((host) => seen === shown || (host !== '' && ++seen > shown))
}

const ingressClass: Printer = {
  columns: columns('Name', 'Controller', 'Parameters', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    textAt(object, 'spec', 'controller'),
    parametersOf(object),
    ageOf(object, now),
  ],
}

function parametersOf(object: KubeObject): string {
  const parameters = at(object, 'spec', 'parameters')
  if (!isObject(parameters)) return '<none>'
  const group = at(parameters, 'apiGroup')
  const kind = textAt(parameters, 'kind') + (group === undefined ? '' : `.${group}`)
  return `${kind}/${textAt(parameters, 'name')}`
}

const networkPolicy: Printer = {
  columns: columns('Name', 'Pod-Selector', 'Age'),
  cells: (object, now) => [
    nameOf(object),
    selectorText(at(object, 'spec', 'podSelector')),
    ageOf(object, now),
  ],
}

export const networkPrinters: Readonly<Record<string, Printer>> = {
  Endpoints: endpoints,
  EndpointSlice: endpointSlice,
  Ingress: ingress,
  IngressClass: ingressClass,
  NetworkPolicy: networkPolicy,
  Service: service,
}
