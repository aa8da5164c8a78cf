import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, textsAt } from '../table/at.ts'
import { atLeast, portOrName } from './rules.ts'

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
  const { successThreshold } = probe
  const mustBeOne = name !== 'readinessProbe' && typeof successThreshold === 'number'
  return [
    ...handlerFlaws(probe, here),
    ...counts.flatMap((count) => atLeast(0)(`${here}.${count}`, probe[count])),
    ...(mustBeOne && successThreshold > 1
      ? [flawOf.invalid(`${here}.successThreshold`, successThreshold, 'must be 1')]
      : []),
  ]
}

function handlerFlaws(probe: JsonObject, path: string): readonly Flaw[] {
  const [first, ...others] = handlers.filter((name) => probe[name] !== undefined)
  if (first === undefined) return [flawOf.required(path, 'must specify a handler type')]
  const isBare = first === 'exec' && textsAt(probe, 'exec', 'command').length === 0
  return [
    ...(isBare ? [flawOf.required(`${path}.exec.command`)] : []),
    ...(first === 'exec' ? [] : portOrName(`${path}.${first}.port`, at(probe, first, 'port'))),
    ...others.map((name) =>
      flawOf.forbidden(`${path}.${name}`, 'may not specify more than 1 handler type'),
    ),
  ]
}
