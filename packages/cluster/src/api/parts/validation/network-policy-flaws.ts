import { BlockList, isIP } from 'node:net'
import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { portOrName } from './name-rules.ts'
import { cidr, oneOf, port } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'

const directions = oneOf(['Ingress', 'Egress'])
const protocols = oneOf(['TCP', 'UDP', 'SCTP'])

/** What is wrong with a NetworkPolicy's spec. */
export function networkPolicyFlaws(spec: JsonObject): readonly Flaw[] {
  const types = textsAt(spec, 'policyTypes')
  const many = 'may not specify more than two policyTypes'
  const rules = [
    ...objectsAt(spec, 'ingress').flatMap((rule, index) =>
      ruleFlaws(rule, `spec.ingress[${index}]`, 'from'),
    ),
    ...objectsAt(spec, 'egress').flatMap((rule, index) =>
      ruleFlaws(rule, `spec.egress[${index}]`, 'to'),
    ),
  ]
  return [
    ...labelSelectorFlaws(objectAt(spec, 'podSelector'), 'spec.podSelector'),
    ...rules,
    ...(types.length > 2
      ? [flawOf.invalid('spec.policyTypes', types, many)]
      : types.flatMap((type, index) => directions(`spec.policyTypes[${index}]`, type))),
  ]
}

function ruleFlaws(rule: JsonObject, path: string, side: 'from' | 'to'): readonly Flaw[] {
  return [
    ...objectsAt(rule, 'ports').flatMap((one, index) => portFlaws(one, `${path}.ports[${index}]`)),
    ...objectsAt(rule, side).flatMap((peer, index) => peerFlaws(peer, `${path}.${side}[${index}]`)),
  ]
}

function portFlaws(one: JsonObject, path: string): readonly Flaw[] {
  const { port: first, endPort: last } = one
  return [
    ...protocols(`${path}.protocol`, one['protocol']),
    ...portOrName(`${path}.port`, first),
    ...(typeof last === 'number' ? endFlaws(last, first, `${path}.endPort`) : []),
  ]
}

function endFlaws(last: number, first: unknown, path: string): readonly Flaw[] {
  if (first === undefined)
    return [flawOf.invalid(path, last, 'may not be specified when `port` is not specified')]
  if (typeof first !== 'number')
    return [flawOf.invalid(path, last, 'may not be specified when `port` is non-numeric')]
  // Kubernetes shows the port here, not its end.
  if (last < first) return [flawOf.invalid(path, first, 'must be greater than or equal to `port`')]
  return port(path, last)
}

function peerFlaws(peer: JsonObject, path: string): readonly Flaw[] {
  const selectors = ['podSelector', 'namespaceSelector'].filter(
    (name) => at(peer, name) !== undefined,
  )
  const block = at(peer, 'ipBlock')
  const both = 'may not specify both ipBlock and another peer'
  return [
    ...selectors.flatMap((name) => labelSelectorFlaws(objectAt(peer, name), `${path}.${name}`)),
    ...(block === undefined ? [] : blockFlaws(objectAt(peer, 'ipBlock'), `${path}.ipBlock`)),
    ...(block === undefined && selectors.length === 0
      ? [flawOf.required(path, 'must specify a peer')]
      : []),
    ...(block !== undefined && selectors.length > 0 ? [flawOf.forbidden(path, both)] : []),
  ]
}

function blockFlaws(block: JsonObject, path: string): readonly Flaw[] {
  const range = textAt(block, 'cidr')
  if (range === '') return [flawOf.required(`${path}.cidr`)]
  const flaws = cidr(`${path}.cidr`, range)
  if (flaws.length > 0) return flaws
  return textsAt(block, 'except').flatMap((part, index) => {
    const here = `${path}.except[${index}]`
    const wrong = cidr(here, part)
    if (wrong.length > 0 || isPartOf(part, range)) return wrong
    return [flawOf.invalid(here, part, 'must be a strict subset of `cidr`')]
  })
}

function isPartOf(part: string, whole: string): boolean {
  const [inner = '', innerBits] = part.split('/')
  const [outer = '', outerBits] = whole.split('/')
  if (isIP(inner) !== isIP(outer) || Number(innerBits) <= Number(outerBits)) return false
  const family = isIP(outer) === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(outer, Number(outerBits), family)
  return list.check(inner, family)
}
