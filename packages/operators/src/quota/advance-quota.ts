import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type KubeObject,
  type Pod,
  parseQuantity,
  type Quantity,
} from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Decided, isPodEnded, statusEffect } from '@argosy/kube/workload'

/** Kubernetes' ResourceQuota. */
export interface Quota extends KubeObject {
  readonly spec: {
    readonly hard?: Readonly<Record<string, string | number>>
    readonly scopes?: readonly string[]
    readonly scopeSelector?: object
  }
  readonly status?: object
}

export interface Claim extends KubeObject {
  readonly spec: { readonly resources?: { readonly requests?: Readonly<Record<string, string>> } }
}

/** What a namespace holds of what quotas count. */
export interface Holdings {
  readonly pods: readonly Pod[]
  readonly claims: readonly Claim[]
  /** How many there are of other kinds, by `plural` or `plural.group`. */
  readonly counts: Readonly<Record<string, number>>
}

/** How much of a ResourceQuota is used. What is not counted here is left out of `used`, and said. */
export function advanceQuota(quota: Quota, holdings: Holdings): Decided {
  const { hard = {}, scopes = [], scopeSelector } = quota.spec
  const isScoped = scopes.length > 0 || scopeSelector !== undefined
  const used = Object.keys(hard).flatMap((name) => {
    const amount = isScoped ? undefined : usedOf(name, holdings)
    return amount === undefined ? [] : [[name, amount] as const]
  })
  const effects = statusEffect(resources.resourceQuotas, quota, {
    hard,
    used: Object.fromEntries(used),
  })
  const left = Object.keys(hard).filter((name) => !used.some(([known]) => known === name))
  if (left.length === 0 || effects.length === 0) return { effects }
  const why = isScoped ? 'quotas with scopes are not counted' : `${left.join(', ')} are not counted`
  return {
    effects: [...effects, { do: 'event', type: 'Warning', reason: 'NotSupported', message: why }],
  }
}

function usedOf(name: string, { pods, claims, counts }: Holdings): string | undefined {
  const live = pods.filter((pod) => !isPodEnded(pod))
  if (name === 'pods' || name === 'count/pods') return String(live.length)
  if (name === 'requests.storage')
    return total(claims.map(({ spec }) => spec.resources?.requests?.['storage']))
  if (name === 'persistentvolumeclaims' || name === 'count/persistentvolumeclaims')
    return String(claims.length)
  const computed = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(name)
  if (computed)
    return total(live.map((pod) => amountOf(pod, computed[1] ?? 'requests', computed[2] ?? '')))
  const count = counts[name.replace(/^count\//, '')]
  return count === undefined ? undefined : String(count)
}

type Amount = string | number | undefined

/** The sum of a pod's containers, or its biggest init container if that is more. */
function amountOf({ spec }: Pod, side: string, name: string): string {
  const read = ({ resources: given }: Pod['spec']['containers'][number]): Amount =>
    side === 'limits' ? given?.limits?.[name] : (given?.requests?.[name] ?? given?.limits?.[name])
  const sum = sumOf(spec.containers.map(read))
  const inits = (spec.initContainers ?? []).map((one) => quantityOf(read(one)))
  return formatQuantity(inits.reduce((a, b) => (compareQuantities(a, b) < 0 ? b : a), sum))
}

function total(amounts: readonly Amount[]): string {
  return formatQuantity(sumOf(amounts))
}

function sumOf(amounts: readonly Amount[]): Quantity {
  return amounts
    .filter((one) => one !== undefined)
    .map(quantityOf)
    .reduce(plus, quantityOf('0'))
}

/** A sum of nothing takes on how its first part is written. */
function plus(a: Quantity, b: Quantity): Quantity {
  return compareQuantities(a, quantityOf('0')) === 0 ? b : addQuantities(a, b)
}

function quantityOf(amount: Amount): Quantity {
  const read = parseQuantity(String(amount ?? '0'))
  return 'error' in read ? quantityOf('0') : read
}
