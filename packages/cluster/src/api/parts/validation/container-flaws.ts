import type { Json, JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectsAt, textAt } from '../table/at.ts'
import { environmentFlaws } from './env-flaws.ts'
import { mountFlaws, type Volumes } from './mount-flaws.ts'
import { label, portName } from './name-rules.ts'
import { probeFlaws } from './probe-flaws.ts'
import { resourceFlaws } from './resource-flaws.ts'
import { duplicates, oneOf, port, protocol, required } from './rules.ts'
import { containerSecurityFlaws } from './security-flaws.ts'

/** What of a pod its containers depend on. */
export interface Around {
  readonly volumes: Volumes
  readonly hostNetwork: boolean
  /** The pod's users are none of the machine's. */
  readonly isApart: boolean
  readonly claims: readonly string[]
}

const pullPolicies = oneOf(['Always', 'IfNotPresent', 'Never'])
const messagePolicies = oneOf(['File', 'FallbackToLogsOnError'])

/** What is wrong with one container. */
export function containerFlaws(
  container: JsonObject,
  path: string,
  around: Around,
): readonly Flaw[] {
  const { name, image, imagePullPolicy, terminationMessagePolicy } = container
  return [
    ...required(`${path}.name`, name),
    ...label(`${path}.name`, name),
    ...imageFlaws(`${path}.image`, image),
    ...pullPolicies(`${path}.imagePullPolicy`, imagePullPolicy),
    ...messagePolicies(`${path}.terminationMessagePolicy`, terminationMessagePolicy),
    ...portsFlaws(container, path, around),
    ...environmentFlaws(container, path),
    ...mountFlaws(container, path, around.volumes),
    ...resourceFlaws(container, path, around.claims),
    ...containerSecurityFlaws(container, path, around.isApart),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
      probeFlaws(container, probe, path),
    ),
  ]
}

function imageFlaws(path: string, image: Json | undefined): readonly Flaw[] {
  if (typeof image !== 'string' || image.trim() === image) return required(path, image)
  return [flawOf.invalid(path, image, 'must not have leading or trailing whitespace')]
}

function portsFlaws(container: JsonObject, path: string, around: Around): readonly Flaw[] {
  const ports = objectsAt(container, 'ports')
  const names = ports.map((one) => one['name'])
  return [
    ...ports.flatMap((one, index) => portFlaws(one, `${path}.ports[${index}]`, around)),
    ...duplicates(names, (index) => `${path}.ports[${index}].name`),
  ]
}

function portFlaws(one: JsonObject, path: string, { hostNetwork }: Around): readonly Flaw[] {
  const { containerPort, hostPort, name } = one
  const isOdd = hostNetwork && typeof hostPort === 'number' && hostPort !== containerPort
  return [
    ...(containerPort === 0 || containerPort === undefined
      ? [flawOf.required(`${path}.containerPort`)]
      : port(`${path}.containerPort`, containerPort)),
    ...protocol(`${path}.protocol`, one['protocol']),
    ...portName(`${path}.name`, name),
    ...(hostPort === 0 ? [] : port(`${path}.hostPort`, hostPort)),
    ...(isOdd
      ? [
          flawOf.invalid(
            `${path}.hostPort`,
            hostPort,
            'must match `containerPort` when `hostNetwork` is true',
          ),
        ]
      : []),
  ]
}

/** One port of the machine is had by one container only. */
export function samePortsFlaws(containers: readonly JsonObject[], path: string): readonly Flaw[] {
  const seen = new Set<string>()
  return containers.flatMap((container, index) =>
    objectsAt(container, 'ports').flatMap((one, at) => {
      const { hostPort = 0 } = one
      const key = `${textAt(one, 'protocol')}/${textAt(one, 'hostIP')}/${hostPort}`
      if (hostPort === 0 || !seen.has(key)) {
        seen.add(key)
        return []
      }
      return [flawOf.duplicate(`${path}[${index}].ports[${at}].hostPort`, key)]
    }),
  )
}
