import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { pathSegment } from './name-rules.ts'
import { atLeast, moreThan, oneOf, required } from './rules.ts'

/** What is wrong with a HorizontalPodAutoscaler's spec. */
export function autoscalerFlaws(spec: JsonObject): readonly Flaw[] {
  const target = objectAt(spec, 'scaleTargetRef')
  const { minReplicas, maxReplicas } = spec
  const isOrdered = typeof minReplicas !== 'number' || Number(maxReplicas ?? 0) >= minReplicas
  const order = 'must be greater than or equal to `minReplicas`'
  const bare =
    'must specify at least one Object or External metric to support scaling to zero replicas'
  return [
    ...atLeast(1)('spec.minReplicas', minReplicas),
    ...moreThan(0)('spec.maxReplicas', maxReplicas ?? 0),
    ...(isOrdered ? [] : [flawOf.invalid('spec.maxReplicas', maxReplicas ?? 0, order)]),
    ...['kind', 'name'].flatMap((name) => {
      const path = `spec.scaleTargetRef.${name}`
      return [...required(path, target[name]), ...pathSegment(path, target[name])]
    }),
    ...groupFlaws(target),
    ...(minReplicas === 0 ? [flawOf.forbidden('spec.metrics', bare)] : []),
    ...objectsAt(spec, 'metrics').flatMap((metric, index) =>
      metricFlaws(metric, `spec.metrics[${index}]`),
    ),
    ...['scaleUp', 'scaleDown'].flatMap((name) =>
      at(spec, 'behavior', name) === undefined
        ? []
        : rulesFlaws(objectAt(spec, 'behavior', name), `spec.behavior.${name}`),
    ),
  ]
}

/** Only ReplicationControllers are of the core group, which has no name. */
function groupFlaws({ apiVersion = '', kind }: JsonObject): readonly Flaw[] {
  const path = 'spec.scaleTargetRef.apiVersion'
  const parts = String(apiVersion).split('/')
  if (parts.length > 2)
    return [flawOf.invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
  if (parts.length === 2 || kind === 'ReplicationController') return []
  return [flawOf.invalid(path, apiVersion, 'apiVersion must specify API group')]
}

const sources: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}
const types = oneOf(Object.keys(sources))

function metricFlaws(metric: JsonObject, path: string): readonly Flaw[] {
  const type = textAt(metric, 'type')
  const member = Object.hasOwn(sources, type) ? sources[type] : undefined
  if (member === undefined)
    return [
      ...required(`${path}.type`, type, 'must specify a metric source type'),
      ...types(`${path}.type`, type),
    ]
  const why = 'must populate information for the given metric source'
  if (at(metric, member) === undefined) return [flawOf.required(`${path}.${member}`, why)]
  const source = objectAt(metric, member)
  const isNamed = member === 'resource' || member === 'containerResource'
  return [
    ...(isNamed
      ? required(`${path}.${member}.name`, source['name'], 'must specify a resource name')
      : []),
    ...targetFlaws(objectAt(source, 'target'), `${path}.${member}.target`, isNamed),
  ]
}

function targetFlaws(target: JsonObject, path: string, isNamed: boolean): readonly Flaw[] {
  const type = textAt(target, 'type')
  const isKnown = ['Utilization', 'Value', 'AverageValue'].includes(type)
  const isGiven = ['averageUtilization', 'averageValue', 'value'].some(
    (name) => at(target, name) !== undefined,
  )
  const none = 'must set either a target raw value or a target utilization'
  return [
    ...required(`${path}.type`, type, 'must specify a metric target type'),
    ...(isKnown
      ? []
      : [
          flawOf.invalid(
            `${path}.type`,
            type,
            'must be either Utilization, Value, or AverageValue',
          ),
        ]),
    ...moreThan(0)(`${path}.averageUtilization`, target['averageUtilization']),
    ...(isNamed && !isGiven ? [flawOf.required(`${path}.averageUtilization`, none)] : []),
  ]
}

const selects = oneOf(['Disabled', 'Max', 'Min'])
const policyTypes = oneOf(['Percent', 'Pods'])
const positive = moreThan(0, 'must be greater than zero')

function rulesFlaws(rules: JsonObject, path: string): readonly Flaw[] {
  const policies = objectsAt(rules, 'policies')
  const isBare = at(rules, 'policies') !== undefined && policies.length === 0
  return [
    ...within(`${path}.stabilizationWindowSeconds`, rules['stabilizationWindowSeconds'], 3600),
    ...atLeast(0)(`${path}.stabilizationWindowSeconds`, rules['stabilizationWindowSeconds']),
    ...selects(`${path}.selectPolicy`, rules['selectPolicy']),
    ...(isBare ? [flawOf.required(`${path}.policies`, 'must specify at least one Policy')] : []),
    ...policies.flatMap((policy, index) => {
      const here = `${path}.policies[${index}]`
      return [
        ...policyTypes(`${here}.type`, policy['type']),
        ...positive(`${here}.value`, policy['value'] ?? 0),
        ...positive(`${here}.periodSeconds`, policy['periodSeconds'] ?? 0),
        ...within(`${here}.periodSeconds`, policy['periodSeconds'], 1800),
      ]
    }),
  ]
}

function within(path: string, value: unknown, most: number): readonly Flaw[] {
  if (typeof value !== 'number' || value <= most) return []
  return [flawOf.invalid(path, value, `must be less than or equal to ${most}`)]
}
