import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { portOrName } from './name-rules.ts'
import { oneOf, port, required } from './rules.ts'

const schemes = oneOf(['HTTP', 'HTTPS'])

/** What is wrong with what is done to a container from outside: it is one of `kinds`, and something. */
export function handlerFlaws(
  handler: JsonObject,
  path: string,
  kinds: readonly string[],
): readonly Flaw[] {
  const [first, ...others] = kinds.filter((name) => at(handler, name) !== undefined)
  if (first === undefined) return [flawOf.required(path, 'must specify a handler type')]
  return [
    ...(checks[first]?.(objectAt(handler, first), `${path}.${first}`) ?? []),
    ...others.map((name) =>
      flawOf.forbidden(`${path}.${name}`, 'may not specify more than 1 handler type'),
    ),
  ]
}

type HandlerCheck = (handler: JsonObject, path: string) => readonly Flaw[]

const exec: HandlerCheck = (handler, path) =>
  textsAt(handler, 'command').length === 0 ? [flawOf.required(`${path}.command`)] : []

const httpGet: HandlerCheck = (handler, path) => [
  ...required(`${path}.path`, handler['path']),
  ...portOrName(`${path}.port`, handler['port'] ?? 0),
  ...schemes(`${path}.scheme`, handler['scheme']),
  ...objectsAt(handler, 'httpHeaders').flatMap((header) =>
    headerFlaws(textAt(header, 'name'), `${path}.httpHeaders`),
  ),
]

const headerRule =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"

function headerFlaws(name: string, path: string): readonly Flaw[] {
  return /^[-A-Za-z0-9]+$/.test(name) ? [] : [flawOf.invalid(path, name, headerRule)]
}

const checks: Readonly<Record<string, HandlerCheck>> = {
  exec,
  httpGet,
  tcpSocket: (handler, path) => portOrName(`${path}.port`, handler['port'] ?? 0),
  grpc: (handler, path) => port(`${path}.port`, handler['port'] ?? 0),
}

const hooks = ['exec', 'httpGet', 'tcpSocket', 'sleep']

/** What is wrong with what a container does when it begins and before it ends. */
export function lifecycleFlaws(
  container: JsonObject,
  path: string,
  grace: number,
): readonly Flaw[] {
  return ['postStart', 'preStop'].flatMap((name) => {
    const hook = objectAt(container, 'lifecycle', name)
    const here = `${path}.lifecycle.${name}`
    if (at(container, 'lifecycle', name) === undefined) return []
    return [...handlerFlaws(hook, here, hooks), ...sleepFlaws(hook, here, grace)]
  })
}

function sleepFlaws(hook: JsonObject, path: string, grace: number): readonly Flaw[] {
  const seconds = at(hook, 'sleep', 'seconds')
  if (typeof seconds !== 'number' || (seconds >= 0 && seconds <= grace)) return []
  const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`
  return [flawOf.invalid(`${path}.sleep`, seconds, why)]
}
