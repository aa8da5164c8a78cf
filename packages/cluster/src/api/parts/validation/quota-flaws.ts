import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { quantityFlaws, standardResourceFlaws } from './resource-flaws.ts'

const counted = new Set([
  ...['persistentvolumeclaims', 'pods', 'replicationcontrollers', 'resourcequotas', 'secrets'],
  ...['services', 'services.loadbalancers', 'services.nodeports', 'configmaps'],
])
const standard = new Set([
  ...counted,
  ...['cpu', 'ephemeral-storage', 'memory', 'requests.cpu', 'requests.memory'],
  ...['requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory'],
  'limits.ephemeral-storage',
])
const scopes = new Set([
  ...['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass'],
  ...['CrossNamespacePodAffinity', 'VolumeAttributesClass'],
])
const conflicts = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
]

/** What is wrong with a ResourceQuota's spec. */
export function quotaFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const isChanged =
    old !== undefined &&
    !equalJson(textsAt(spec, 'scopes').toSorted(), textsAt(old, 'scopes').toSorted())
  return [
    ...Object.entries(objectAt(spec, 'hard')).flatMap(([name, amount]) => {
      const path = `spec.hard[${name}]`
      return [...nameFlaws(path, name), ...quantityFlaws(path, amount, counted.has(name))]
    }),
    ...scopesFlaws(spec),
    ...selectorFlaws(spec),
    ...(isChanged
      ? [flawOf.invalid('spec.scopes', at(spec, 'scopes') ?? null, 'field is immutable')]
      : []),
  ]
}

function nameFlaws(path: string, name: string): readonly Flaw[] {
  const isFine = name.includes('/') || standard.has(name) || /^(requests\.)?hugepages-/.test(name)
  return [
    ...standardResourceFlaws(path, name),
    ...(isFine ? [] : [flawOf.invalid(path, name, 'must be a standard resource for quota')]),
  ]
}

function scopesFlaws(spec: JsonObject): readonly Flaw[] {
  const given = textsAt(spec, 'scopes')
  const names = Object.keys(objectAt(spec, 'hard'))
  const whys = [
    given.some((scope) => !scopes.has(scope)) && 'unsupported scope',
    given.some((scope) => scopes.has(scope) && !names.every((name) => isOf(scope, name))) &&
      'unsupported scope applied to resource',
    conflicts.some((pair) => pair.every((scope) => given.includes(scope))) && 'conflicting scopes',
  ]
  return whys.filter((why) => why !== false).map((why) => flawOf.invalid('spec.scopes', given, why))
}

const ofPods =
  /^(pods|cpu|memory|ephemeral-storage|(requests|limits)\.(cpu|memory|ephemeral-storage))$/

/** Whether a resource can be counted within a scope. */
function isOf(scope: string, name: string): boolean {
  if (scope === 'BestEffort') return name === 'pods'
  if (scope === 'VolumeAttributesClass')
    return name === 'persistentvolumeclaims' || name.startsWith('requests.storage')
  return !standard.has(name) || ofPods.test(name)
}

const bare = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'CrossNamespacePodAffinity',
]

function selectorFlaws(spec: JsonObject): readonly Flaw[] {
  const path = 'spec.scopeSelector.matchExpressions'
  return objectsAt(spec, 'scopeSelector', 'matchExpressions').flatMap((one) => {
    const scope = textAt(one, 'scopeName')
    const operator = textAt(one, 'operator')
    const count = textsAt(one, 'values').length
    const isBare = bare.includes(scope) && operator !== 'Exists'
    const must =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
    return [
      ...(scopes.has(scope)
        ? []
        : [flawOf.invalid(`${path}.scopeName`, scope, 'unsupported scope')]),
      ...(isBare ? [flawOf.invalid(`${path}.operator`, operator, must)] : []),
      ...operatorFlaws(operator, count, path),
    ]
  })
}

function operatorFlaws(operator: string, count: number, path: string): readonly Flaw[] {
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
    return count === 0 ? [flawOf.required(`${path}.values`, why)] : []
  }
  if (operator !== 'Exists' && operator !== 'DoesNotExist')
    return [flawOf.invalid(`${path}.operator`, operator, 'not a valid selector operator')]
  const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
  return count === 0 ? [] : [flawOf.invalid(`${path}.values`, count, why)]
}
