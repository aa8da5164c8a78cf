import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectsAt, textAt, textsAt } from '../table/at.ts'
import { addressFlaws } from './address-flaws.ts'
import { label, labelMap, portOrName, qualifiedName, subdomain } from './name-rules.ts'
import { between, cidr, duplicates, ip, oneOf, port, protocol, required } from './rules.ts'

const types = oneOf(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])
const affinities = oneOf(['ClientIP', 'None'])
const policies = oneOf(['Cluster', 'Local'])
const distributions = oneOf(['PreferClose', 'PreferSameZone', 'PreferSameNode'])
const affinitySeconds = between(1, 86400, 'must be greater than 0 and less than 86400')

/** What is wrong with a service's spec. */
export function serviceFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  return [
    ...types('spec.type', spec['type']),
    ...labelMap('spec.selector', spec['selector']),
    ...portsFlaws(spec),
    ...affinityFlaws(spec),
    ...aliasFlaws(spec, old),
    ...clusterIpFlaws(spec, old),
    ...textsAt(spec, 'externalIPs').flatMap((address, index) =>
      addressFlaws(`spec.externalIPs[${index}]`, address),
    ),
    ...balancerFlaws(spec, old),
    ...trafficFlaws(spec, old),
  ]
}

function portsFlaws(spec: JsonObject): readonly Flaw[] {
  const ports = objectsAt(spec, 'ports')
  const type = textAt(spec, 'type')
  const needsPorts = type !== 'ExternalName' && !isHeadless(spec)
  const nodePorts = ports.map((one) => {
    const { nodePort = 0, protocol: by = 'TCP' } = one
    return nodePort === 0 ? '' : `${by}/${nodePort}`
  })
  return [
    ...(needsPorts && ports.length === 0 ? [flawOf.required('spec.ports')] : []),
    ...ports.flatMap((one, index) => portFlaws(one, { index, type, isMany: ports.length > 1 })),
    ...duplicates(
      ports.map((one) => one['name']),
      (index) => `spec.ports[${index}].name`,
    ),
    ...samePorts(ports),
    ...nodePorts.flatMap((key, index) =>
      key !== '' && nodePorts.indexOf(key) < index
        ? [flawOf.duplicate(`spec.ports[${index}].nodePort`, ports[index]?.['nodePort'] ?? 0)]
        : [],
    ),
  ]
}

interface Among {
  readonly index: number
  readonly type: string
  readonly isMany: boolean
}

function portFlaws(one: JsonObject, { index, type, isMany }: Among): readonly Flaw[] {
  const path = `spec.ports[${index}]`
  const { nodePort, targetPort } = one
  const isOdd = type === 'ClusterIP' && typeof nodePort === 'number' && nodePort !== 0
  return [
    ...(isMany ? required(`${path}.name`, one['name']) : []),
    ...label(`${path}.name`, one['name']),
    ...port(`${path}.port`, one['port']),
    ...protocol(`${path}.protocol`, one['protocol']),
    ...(targetPort === 0 && one['port'] !== 0 ? [] : portOrName(`${path}.targetPort`, targetPort)),
    ...(one['appProtocol'] === undefined
      ? []
      : qualifiedName(`${path}.appProtocol`, one['appProtocol'])),
    ...(isOdd
      ? [flawOf.forbidden(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'")]
      : []),
  ]
}

/** Two ports of one number and protocol cannot both be reached. */
function samePorts(ports: readonly JsonObject[]): readonly Flaw[] {
  const seen = new Set<string>()
  return ports.flatMap((one, index) => {
    const { protocol: by = 'TCP', port: number = 0 } = one
    const key = `${by}/${number}`
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    // As Go shows what was compared.
    const compared = { Name: '', Protocol: by, AppProtocol: null, Port: number }
    const shown = { ...compared, TargetPort: 0, NodePort: 0 }
    return [flawOf.duplicate(`spec.ports[${index}]`, shown)]
  })
}

function affinityFlaws(spec: JsonObject): readonly Flaw[] {
  const { sessionAffinity } = spec
  const path = 'spec.sessionAffinityConfig'
  const seconds = at(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds')
  return [
    ...affinities('spec.sessionAffinity', sessionAffinity),
    ...(sessionAffinity === 'ClientIP'
      ? affinitySeconds(`${path}.clientIP.timeoutSeconds`, seconds)
      : []),
  ]
}

function isHeadless(spec: JsonObject): boolean {
  return textAt(spec, 'clusterIP') === 'None'
}

/** What was there before goes with the type that had it: only what is new of it is wrong. */
function isNew(name: string, spec: JsonObject, old: JsonObject | undefined): boolean {
  const value = at(spec, name)
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return false
  return old === undefined || !equalJson(value, at(old, name) ?? null)
}

/** A service that is another name for something has no address. */
function aliasFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  if (spec['type'] !== 'ExternalName') return []
  const name = textAt(spec, 'externalName').replace(/\.$/, '')
  const hasAddress = isNew('clusterIP', spec, old) || isNew('clusterIPs', spec, old)
  const why = 'may not be set for ExternalName services'
  return [
    ...required('spec.externalName', name),
    ...subdomain('spec.externalName', name),
    ...(hasAddress ? [flawOf.forbidden('spec.clusterIPs', why)] : []),
    ...['ipFamilies', 'ipFamilyPolicy']
      .filter((member) => isNew(member, spec, old))
      .map((member) => flawOf.forbidden(`spec.${member}`, why)),
  ]
}

const families = oneOf(['IPv4', 'IPv6'])
const familyPolicies = oneOf(['PreferDualStack', 'RequireDualStack', 'SingleStack'])

function clusterIpFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  if (spec['type'] === 'ExternalName') return []
  const given = textsAt(spec, 'ipFamilies')
  const address = textAt(spec, 'clusterIP')
  const isAddress = address !== '' && address !== 'None'
  return [
    ...(isAddress ? ip('spec.clusterIPs[0]', address) : []),
    ...headlessFlaws(spec),
    ...pairFlaws(spec, old),
    ...(old === undefined ? [] : addressChangeFlaws(address, old)),
    ...given.flatMap((family, index) => families(`spec.ipFamilies[${index}]`, family)),
    ...duplicates(given, (index) => `spec.ipFamilies[${index}]`),
    ...familyPolicies('spec.ipFamilyPolicy', spec['ipFamilyPolicy']),
  ]
}

function headlessFlaws(spec: JsonObject): readonly Flaw[] {
  const type = textAt(spec, 'type')
  if (!isHeadless(spec) || (type !== 'LoadBalancer' && type !== 'NodePort')) return []
  const why = `may not be set to 'None' for ${type} services`
  return [flawOf.invalid('spec.clusterIPs[0]', 'None', why)]
}

/** One address is said twice; who changes it says it once. */
function pairFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const all = textsAt(spec, 'clusterIPs')
  const address = textAt(spec, 'clusterIP')
  if (all.length === 0 || all[0] === address) return []
  if (old !== undefined && equalJson(all, textsAt(old, 'clusterIPs'))) return []
  const why =
    address === ''
      ? 'must be empty when `clusterIP` is not specified'
      : 'first value must match `clusterIP`'
  return [flawOf.invalid('spec.clusterIPs', all, why)]
}

function addressChangeFlaws(address: string, old: JsonObject): readonly Flaw[] {
  const before = textAt(old, 'clusterIP')
  if (before === '' || address === '' || before === address) return []
  if (old['type'] === 'ExternalName') return []
  return [flawOf.invalid('spec.clusterIPs[0]', [address], 'may not change once set')]
}

const ofBalancers = ['allocateLoadBalancerNodePorts', 'loadBalancerClass']
const onlyBalancers = "may only be used when `type` is 'LoadBalancer'"

function balancerFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const ranges = textsAt(spec, 'loadBalancerSourceRanges')
  const path = 'spec.LoadBalancerSourceRanges'
  const isBalancer = spec['type'] === 'LoadBalancer'
  return [
    ...(isBalancer
      ? []
      : ofBalancers
          .filter((name) => isNew(name, spec, old))
          .map((name) => flawOf.forbidden(`spec.${name}`, onlyBalancers))),
    ...(isBalancer || ranges.length === 0 ? [] : [flawOf.forbidden(path, onlyBalancers)]),
    ...ranges.flatMap((range, index) => cidr(`${path}[${index}]`, range.trim())),
    ...(isBalancer && spec['loadBalancerClass'] !== undefined
      ? qualifiedName('spec.loadBalancerClass', spec['loadBalancerClass'])
      : []),
  ]
}

function trafficFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const { type, externalTrafficPolicy, healthCheckNodePort } = spec
  const isBalancer = type === 'LoadBalancer'
  const isOpen = isBalancer || type === 'NodePort' || textsAt(spec, 'externalIPs').length > 0
  const path = 'spec.externalTrafficPolicy'
  const isLocal = isBalancer && externalTrafficPolicy === 'Local'
  const isOdd = !isLocal && isNew('healthCheckNodePort', spec, old) && healthCheckNodePort !== 0
  const only =
    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
  return [
    ...(isOpen ? policies(path, externalTrafficPolicy) : []),
    ...(!isOpen && isNew('externalTrafficPolicy', spec, old)
      ? [
          flawOf.invalid(
            path,
            externalTrafficPolicy,
            'may only be set for externally-accessible services',
          ),
        ]
      : []),
    ...policies('spec.internalTrafficPolicy', spec['internalTrafficPolicy']),
    ...distributions('spec.trafficDistribution', spec['trafficDistribution']),
    ...(isOdd ? [flawOf.invalid('spec.healthCheckNodePort', healthCheckNodePort, only)] : []),
  ]
}
