import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectsAt, textAt, textsAt } from '../table/at.ts'
import { labelValue, qualifiedNameOrEmpty } from './name-rules.ts'
import { atLeast, cidr, immutable, moreThan, oneOf, required } from './rules.ts'

type ClusterCheck = (object: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

const preemptions = oneOf(['PreemptLowerPriority', 'Never'])
const highest = 1_000_000_000

/** What is wrong with a PriorityClass; names that begin with `system-` are Kubernetes' own. */
export const priorityClassFlaws: ClusterCheck = (object, old) => {
  const { value = 0, preemptionPolicy } = object
  const name = textAt(object, 'metadata', 'name')
  const isOwn = name === 'system-node-critical' || name === 'system-cluster-critical'
  const isHigh = typeof value === 'number' && value > highest && !isOwn
  const high = `maximum allowed value of a user defined priority is ${highest}`
  const own = "priority class names with 'system-' prefix are reserved for system use only. error: "
  return [
    ...(name.startsWith('system-') && !isOwn
      ? [flawOf.forbidden('metadata.name', `${own}${name} is not a known system priority class`)]
      : []),
    ...(isHigh ? [flawOf.forbidden('value', high)] : []),
    ...preemptions('preemptionPolicy', preemptionPolicy),
    ...(old && (old['value'] ?? 0) !== value
      ? [flawOf.forbidden('value', 'may not be changed in an update.')]
      : []),
    ...(old ? immutable('preemptionPolicy', preemptionPolicy, old['preemptionPolicy']) : []),
  ]
}

/** What is wrong with a Lease. */
export const leaseFlaws: ClusterCheck = (object) => [
  ...moreThan(0)('spec.leaseDurationSeconds', at(object, 'spec', 'leaseDurationSeconds')),
  ...atLeast(0)('spec.leaseTransitions', at(object, 'spec', 'leaseTransitions')),
]

const effects = oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])

/** What is wrong with a Node. */
export const nodeFlaws: ClusterCheck = (object, old) => {
  const taints = objectsAt(object, 'spec', 'taints')
  const seen = new Set<string>()
  const [provider, before] = [object, old].map((one) => textAt(one, 'spec', 'providerID'))
  const why = 'node updates may not change providerID except from "" to valid'
  return [
    ...taints.flatMap((taint, index) => {
      const path = `spec.taints[${index}]`
      const key = `${textAt(taint, 'key')}:${textAt(taint, 'effect')}`
      const isTwice = seen.has(key)
      seen.add(key)
      return [...taintFlaws(taint, path), ...(isTwice ? [twice(taint, path)] : [])]
    }),
    ...textsAt(object, 'spec', 'podCIDRs').flatMap((range, index) =>
      cidr(`spec.podCIDRs[${index}]`, range),
    ),
    ...(before && before !== provider ? [flawOf.forbidden('spec.providerID', why)] : []),
  ]
}

function twice(taint: JsonObject, path: string): Flaw {
  const flaw = flawOf.duplicate(path, taint)
  return { ...flaw, message: `${flaw.message}: taints must be unique by key and effect pair` }
}

function taintFlaws(taint: JsonObject, path: string): readonly Flaw[] {
  return [
    ...qualifiedNameOrEmpty(`${path}.key`, taint['key']),
    ...labelValue(`${path}.value`, taint['value']),
    ...required(`${path}.effect`, taint['effect']),
    ...effects(`${path}.effect`, taint['effect']),
  ]
}

/** What is wrong with a Namespace. */
export const namespaceFlaws: ClusterCheck = (object) => {
  const why = 'name is neither a standard finalizer name nor is it fully qualified'
  return textsAt(object, 'spec', 'finalizers')
    .filter((name) => !name.includes('/') && !['kubernetes', 'orphan'].includes(name))
    .map((name) => flawOf.invalid('spec.finalizers', name, why))
}
