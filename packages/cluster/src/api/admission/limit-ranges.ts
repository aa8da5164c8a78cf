import {
  compareQuantities,
  isObject,
  type JsonObject,
  parseQuantity,
  type Quantity,
} from '@argosy/engine'
import { at, objectAt, objectsAt } from '../parts/table/at.ts'
import { amountsOf } from './pod-amounts.ts'

/** One rule of a LimitRange. */
type Limit = JsonObject

/** A pod's spec with what LimitRanges give to containers that ask for nothing. */
export function withLimits(spec: JsonObject, ranges: readonly JsonObject[]): JsonObject {
  const rules = rulesFor(ranges, 'Container')
  if (rules.length === 0) return spec
  const lists = ['initContainers', 'containers'].filter((name) => Array.isArray(spec[name]))
  const changed = lists.map((name) => [
    name,
    objectsAt(spec, name).map((container) => rules.reduce(completed, container)),
  ])
  return { ...spec, ...Object.fromEntries(changed) }
}

function completed(container: JsonObject, rule: Limit): JsonObject {
  const { limits, requests } = defaultsOf(rule)
  const own = objectAt(container, 'resources')
  const resources = {
    ...own,
    limits: { ...limits, ...objectAt(own, 'limits') },
    // Who names a limit asks for as much, whatever others would be given.
    requests: { ...requests, ...objectAt(own, 'limits'), ...objectAt(own, 'requests') },
  }
  return { ...container, resources }
}

/** What a rule does not say follows from what it says, as Kubernetes fills it in. */
function defaultsOf(rule: Limit) {
  const limits = { ...objectAt(rule, 'max'), ...objectAt(rule, 'default') }
  const requests = { ...objectAt(rule, 'min'), ...limits, ...objectAt(rule, 'defaultRequest') }
  return { limits, requests }
}

/** What a pod's amounts have against LimitRanges, in Kubernetes' words. */
export function podLimitFlaws(spec: JsonObject, ranges: readonly JsonObject[]): readonly string[] {
  const containers = [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')]
  const ofContainers = rulesFor(ranges, 'Container').flatMap((rule) =>
    containers.flatMap((one) => flawsOf(rule, 'Container', objectAt(one, 'resources'))),
  )
  const ofPods = rulesFor(ranges, 'Pod').flatMap((rule) => {
    const whole = { requests: amountsOf(spec, 'requests'), limits: amountsOf(spec, 'limits') }
    return flawsOf(rule, 'Pod', whole)
  })
  return [...ofContainers, ...ofPods]
}

/** The same of a PersistentVolumeClaim. */
export function claimLimitFlaws(
  spec: JsonObject,
  ranges: readonly JsonObject[],
): readonly string[] {
  return rulesFor(ranges, 'PersistentVolumeClaim').flatMap((rule) =>
    flawsOf(rule, 'PersistentVolumeClaim', objectAt(spec, 'resources')),
  )
}

function rulesFor(ranges: readonly JsonObject[], type: string): readonly Limit[] {
  return ranges.flatMap((range) =>
    objectsAt(range, 'spec', 'limits').filter((rule) => rule['type'] === type),
  )
}

function flawsOf(rule: Limit, type: string, resources: JsonObject): readonly string[] {
  const names = (bound: string) => Object.keys(objectAt(rule, bound))
  return [
    ...names('min').flatMap((name) => minFlaws(rule, { type, name, resources })),
    ...names('max').flatMap((name) => maxFlaws(rule, { type, name, resources })),
    ...names('maxLimitRequestRatio').flatMap((name) => ratioFlaws(rule, { type, name, resources })),
  ]
}

interface Checked {
  readonly type: string
  readonly name: string
  readonly resources: JsonObject
}

function minFlaws(rule: Limit, { type, name, resources }: Checked): readonly string[] {
  const least = textOf(rule, 'min', name)
  const request = textOf(resources, 'requests', name)
  const limit = textOf(resources, 'limits', name)
  const what = `minimum ${name} usage per ${type} is ${least}`
  if (request === undefined) return [`${what}.  No request is specified`]
  if (compare(request, least) < 0) return [`${what}, but request is ${request}`]
  return limit !== undefined && compare(limit, least) < 0 ? [`${what}, but limit is ${limit}`] : []
}

function maxFlaws(rule: Limit, { type, name, resources }: Checked): readonly string[] {
  const most = textOf(rule, 'max', name)
  const request = textOf(resources, 'requests', name)
  const limit = textOf(resources, 'limits', name)
  const what = `maximum ${name} usage per ${type} is ${most}`
  // A claim has no limit: what it asks for is what it gets.
  if (type === 'PersistentVolumeClaim')
    return compare(request, most) > 0 ? [`${what}, but request is ${request}`] : []
  if (limit === undefined) return [`${what}.  No limit is specified`]
  if (compare(limit, most) > 0) return [`${what}, but limit is ${limit}`]
  return compare(request, most) > 0 ? [`${what}, but request is ${request}`] : []
}

function ratioFlaws(rule: Limit, { type, name, resources }: Checked): readonly string[] {
  const most = quantity(textOf(rule, 'maxLimitRequestRatio', name))
  const request = quantity(textOf(resources, 'requests', name))
  const limit = quantity(textOf(resources, 'limits', name))
  if (!most || !request || !limit || request.nano === 0n) return []
  const ratio = Number(limit.nano) / Number(request.nano)
  const allowed = Number(most.nano) / 1e9
  if (ratio <= allowed) return []
  const what = `${name} max limit to request ratio per ${type} is ${allowed}`
  return [`${what}, but provided ratio is ${ratio.toFixed(6)}`]
}

function textOf(from: JsonObject, side: string, name: string): string | undefined {
  const value = at(from, side, name)
  return value === undefined || isObject(value) ? undefined : String(value)
}

function quantity(text: string | undefined): Quantity | undefined {
  const read = parseQuantity(text ?? '')
  return 'error' in read ? undefined : read
}

/** What is not given is neither too much nor too little. */
function compare(a: string | undefined, b: string | undefined): number {
  const [left, right] = [quantity(a), quantity(b)]
  return left && right ? compareQuantities(left, right) : 0
}
