import type { JsonObject, KubeObject } from '@argosy/engine'
import { at, numberAt, objectsAt, textAt } from './at.ts'
import { ageOf, columns, nameOf, type Printer } from './printer.ts'
import { quantityAt } from './quantity-text.ts'

export const autoscalerPrinter: Printer = {
  columns: columns('Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'),
  cells: (object, now) => {
    const target = at(object, 'spec', 'scaleTargetRef')
    return [
      nameOf(object),
      `${textAt(target, 'kind')}/${textAt(target, 'name')}`,
      targetsOf(object),
      textAt(object, 'spec', 'minReplicas') || '1',
      numberAt(object, 'spec', 'maxReplicas'),
      numberAt(object, 'status', 'currentReplicas'),
      ageOf(object, now),
    ]
  },
}

const shown = 2

function targetsOf(object: KubeObject): string {
  const current = objectsAt(object, 'status', 'currentMetrics')
  const texts = metricsOf(object).map((metric, index) => metricText(metric, current[index]))
  if (texts.length === 0) return '<none>'
  const text = texts.slice(0, shown).join(', ')
  return texts.length > shown ? `${text} + ${texts.length - shown} more...` : text
}

/** autoscaling/v1 knows but the processor, in a field of its own. */
function metricsOf(object: KubeObject): readonly JsonObject[] {
  const percent = at(object, 'spec', 'targetCPUUtilizationPercentage')
  if (percent === undefined) return objectsAt(object, 'spec', 'metrics')
  const target = { type: 'Utilization', averageUtilization: percent }
  return [{ type: 'Resource', resource: { name: 'cpu', target } }]
}

const members: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}

function metricText(metric: JsonObject, status: JsonObject | undefined): string {
  const member = members[textAt(metric, 'type')]
  if (member === undefined) return '<unknown type>'
  const spec = at(metric, member)
  const seen = at(status, member, 'current')
  const amount = (name: string) => {
    const now = at(seen, name) === undefined ? '<unknown>' : quantityAt(seen, name)
    return `${now}/${quantityAt(spec, 'target', name)}`
  }
  const isAverage = at(spec, 'target', 'averageValue') !== undefined
  if (member === 'pods') return amount('averageValue')
  if (member === 'external' || member === 'object')
    return isAverage ? `${amount('averageValue')} (avg)` : amount('value')
  const name = textAt(spec, 'name')
  return `${name}: ${isAverage ? amount('averageValue') : utilization(spec, seen)}`
}

function utilization(spec: unknown, seen: unknown): string {
  const percent = (value: unknown, none: string) => (typeof value === 'number' ? `${value}%` : none)
  const now = percent(at(seen, 'averageUtilization'), '<unknown>')
  return `${now}/${percent(at(spec, 'target', 'averageUtilization'), '<auto>')}`
}
