import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt } from '../table/at.ts'
import { handlerFlaws } from './handler-flaws.ts'
import { atLeast, moreThan } from './rules.ts'

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc']
const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
]

/** What is wrong with one of a container's probes. */
export function probeFlaws(container: JsonObject, name: string, path: string): readonly Flaw[] {
  const probe = objectAt(container, name)
  if (container[name] === undefined) return []
  const here = `${path}.${name}`
  const grace = probe['terminationGracePeriodSeconds']
  const { successThreshold = 1 } = probe
  const isReadiness = name === 'readinessProbe'
  return [
    ...handlerFlaws(probe, here, handlers),
    ...counts.flatMap((count) => atLeast(0)(`${here}.${count}`, probe[count])),
    ...(isReadiness || successThreshold === 1
      ? []
      : [flawOf.invalid(`${here}.successThreshold`, successThreshold, 'must be 1')]),
    ...(isReadiness && grace !== undefined
      ? [
          flawOf.invalid(
            `${here}.terminationGracePeriodSeconds`,
            grace,
            'must not be set for readinessProbes',
          ),
        ]
      : moreThan(0)(`${here}.terminationGracePeriodSeconds`, grace)),
  ]
}
