import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'

const rule =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** What of a pod may not change once it is there. */
export function podChangeFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const lists = ['containers', 'initContainers']
  const isOther = (name: string) => objectsAt(spec, name).length !== objectsAt(old, name).length
  const other = lists.filter(isOther)
  const why = 'pod updates may not add or remove containers'
  if (other.length > 0) return other.map((name) => flawOf.forbidden(`spec.${name}`, why))
  return [
    ...deadlineFlaws(spec, old),
    ...tolerationFlaws(spec, old),
    ...gateFlaws(spec, old),
    ...(equalJson(fixed(spec, old), fixed(old, old)) ? [] : [flawOf.forbidden('spec', rule)]),
  ]
}

/** A pod that has no node yet may be given one: that is how it is bound here. */
function fixed(spec: JsonObject, old: JsonObject): JsonObject {
  const unbound = textAt(old, 'nodeName') === ''
  const isGated = objectsAt(old, 'schedulingGates').length > 0
  const { activeDeadlineSeconds: _, tolerations: __, schedulingGates: ___, ...rest } = spec
  const images = (name: string) => objectsAt(spec, name).map(({ image: _, ...others }) => others)
  return {
    ...rest,
    containers: images('containers'),
    initContainers: images('initContainers'),
    ...(unbound && { nodeName: '' }),
    // A pod that waits to be scheduled may be narrowed in where it goes.
    ...(isGated && { nodeSelector: narrowed(spec, old), affinity: {} }),
    ...(isForced(spec, old) && { terminationGracePeriodSeconds: 1 }),
  }
}

function narrowed(spec: JsonObject, old: JsonObject): JsonObject {
  const was = objectAt(old, 'nodeSelector')
  const now = objectAt(spec, 'nodeSelector')
  return Object.fromEntries(Object.keys(was).map((name) => [name, now[name] ?? '']))
}

function isForced(spec: JsonObject, old: JsonObject): boolean {
  const [now, was] = [spec, old].map((from) => at(from, 'terminationGracePeriodSeconds'))
  return typeof was === 'number' && was < 0 && (now === 1 || now === was)
}

function deadlineFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const [now, was] = [spec, old].map((from) => at(from, 'activeDeadlineSeconds'))
  const path = 'spec.activeDeadlineSeconds'
  if (typeof was !== 'number') return []
  if (now === undefined)
    return [flawOf.invalid(path, null, 'must not update from a positive integer to nil value')]
  const isLonger = typeof now === 'number' && now > was
  return isLonger ? [flawOf.invalid(path, now, 'must be less than or equal to previous value')] : []
}

function tolerationFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const ofTime = ({ tolerationSeconds: _, ...rest }: JsonObject) => rest
  const now = objectsAt(spec, 'tolerations').map(ofTime)
  const isThere = (one: JsonObject) => now.some((other) => equalJson(other, ofTime(one)))
  const why = 'existing toleration can not be modified except its tolerationSeconds'
  if (objectsAt(old, 'tolerations').every(isThere)) return []
  return [flawOf.forbidden('spec.tolerations', why)]
}

function gateFlaws(spec: JsonObject, old: JsonObject): readonly Flaw[] {
  const was = objectsAt(old, 'schedulingGates').map((gate) => textAt(gate, 'name'))
  return objectsAt(spec, 'schedulingGates').flatMap((gate, index) => {
    const name = textAt(gate, 'name')
    if (was.includes(name)) return []
    const why = `only deletion is allowed, but found new scheduling gate '${name}'`
    return [flawOf.forbidden(`spec.schedulingGates[${index}].name`, why)]
  })
}
