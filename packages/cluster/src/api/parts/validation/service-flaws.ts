import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectsAt, textAt } from '../table/at.ts'
import {
  duplicates,
  label,
  labelKeys,
  oneOf,
  port,
  portOrName,
  protocol,
  required,
} from './rules.ts'

const types = oneOf(['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'])
const affinities = oneOf(['ClientIP', 'None'])

/** What is wrong with a service's spec. */
export function serviceFlaws(spec: JsonObject): readonly Flaw[] {
  const ports = objectsAt(spec, 'ports')
  const type = textAt(spec, 'type')
  const isHeadless = textAt(spec, 'clusterIP') === 'None'
  const needsPorts = type !== 'ExternalName' && !isHeadless
  return [
    ...(needsPorts && ports.length === 0 ? [flawOf.required('spec.ports')] : []),
    ...types('spec.type', spec['type']),
    ...affinities('spec.sessionAffinity', spec['sessionAffinity']),
    ...labelKeys('spec.selector', spec['selector']),
    ...(type === 'ExternalName' ? required('spec.externalName', spec['externalName']) : []),
    ...ports.flatMap((one, index) => portFlaws(one, { index, type, isMany: ports.length > 1 })),
    ...duplicates(
      ports.map((one) => one['name']),
      (index) => `spec.ports[${index}].name`,
    ),
    ...samePorts(ports),
  ]
}

interface Among {
  readonly index: number
  readonly type: string
  readonly isMany: boolean
}

function portFlaws(one: JsonObject, { index, type, isMany }: Among): readonly Flaw[] {
  const path = `spec.ports[${index}]`
  const { nodePort } = one
  const isOdd = type === 'ClusterIP' && typeof nodePort === 'number' && nodePort !== 0
  return [
    ...(isMany ? required(`${path}.name`, one['name']) : []),
    ...label(`${path}.name`, one['name']),
    ...port(`${path}.port`, one['port']),
    ...protocol(`${path}.protocol`, one['protocol']),
    ...portOrName(`${path}.targetPort`, one['targetPort']),
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
    return [flawOf.duplicate(`spec.ports[${index}]`, { port: number, protocol: by })]
  })
}
