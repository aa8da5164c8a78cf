import type { JsonObject } from '@argosy/engine'
import { forwardedCondition, resources } from '@argosy/kube'
import { type Effect, statusEffect, withCondition } from '@argosy/kube/workload'
import type { PortedService } from './service-targets.ts'
import { type Door, isBalancer, isCarried } from './wanted-doors.ts'

/** What became of a door: it is open; the pods themselves answer there; it cannot be known yet; it cannot be had. */
export interface DoorState {
  readonly door: Door
  readonly is: 'open' | 'served' | 'waiting' | 'failed'
  readonly why?: string
}

type Conditions = NonNullable<NonNullable<PortedService['status']>['conditions']>

/** Of a Service: whether its node ports are open. */
const nodePortsCondition = 'argosy.dev/NodePortsOpen'
const carriedCondition = 'argosy.dev/PortsCarried'

export interface Looked {
  readonly states: readonly DoorState[]
  /** Undefined: that is not known now, and what was said of it stays. */
  readonly needsOwn: boolean | undefined
  readonly now: number
}

/** What a Service's status says of its doors; what is not as its clients expect is told once, in an event. */
export function portEffects(
  service: PortedService,
  { states, needsOwn, now }: Looked,
): readonly Effect[] {
  const before = service.status?.conditions ?? []
  const of = (kind: Door['kind']) => states.filter(({ door }) => door.kind === kind)
  const own = conditionOf(forwardedCondition, of('own'))
  const node = conditionOf(nodePortsCondition, of('node'))
  const others = notCarried(service)
  const isKept = (type: string) =>
    (type !== nodePortsCondition || node !== undefined) &&
    (type !== carriedCondition || others !== undefined) &&
    (type !== forwardedCondition || needsOwn !== false)
  const kept = before.filter(({ type }) => isKept(type))
  const conditions = [own, node, others].reduce<Conditions>(
    (all, one) => (one ? withCondition(all, one, now) : all),
    kept,
  )
  const status: JsonObject = {
    ...((before.length > 0 || conditions.length > 0) && { conditions: [...conditions] as never }),
    ...balancerStatus(service, of('own')),
  }
  return [
    ...statusEffect(resources.services, service, status),
    ...[own, node, others].flatMap((one) => complaint(before, one)),
  ]
}

function conditionOf(type: string, states: readonly DoorState[]): Conditions[number] | undefined {
  if (states.length === 0) return undefined
  const failed = states.filter(({ is }) => is === 'failed')
  if (failed.length > 0) {
    const message = failed.map(({ why = '' }) => why).join('; ')
    return { type, status: 'False', reason: 'CannotListen', message }
  }
  const isWaiting = states.some(({ is }) => is === 'waiting')
  if (isWaiting) return { type, status: 'False', reason: 'Waiting', message: 'no pod answers yet' }
  return { type, status: 'True', reason: 'Listening', message: '' }
}

/** The address that serves it, or none. */
function balancerStatus(service: PortedService, own: readonly DoorState[]): JsonObject {
  const { spec = {}, status } = service
  const had = status?.loadBalancer?.ingress
  if (!isBalancer(spec)) return had && spec.type !== 'LoadBalancer' ? { loadBalancer: {} } : {}
  const isServed = own.length > 0 && own.every(({ is }) => is === 'open' || is === 'served')
  const isFailed = own.some(({ is }) => is === 'failed')
  if (isServed) {
    const ip = own[0]?.door.host ?? ''
    return { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } }
  }
  return had && isFailed ? { loadBalancer: {} } : {}
}

function complaint(before: Conditions, wanted: Conditions[number] | undefined): readonly Effect[] {
  const { reason = '' } = wanted ?? {}
  if (!wanted || !['CannotListen', 'NotSupported'].includes(reason)) return []
  const known = before.find(({ type }) => type === wanted.type)
  if (known?.message === wanted.message) return []
  const { message = '' } = wanted
  return [{ do: 'event', type: 'Warning', reason, message }]
}

/** What is for nobody here to pass on. */
function notCarried({ spec = {} }: PortedService): Conditions[number] | undefined {
  const others = (spec.ports ?? []).filter((port) => !isCarried(port))
  const ports = others.map(({ port, protocol }) => `${port}/${protocol}`).join(', ')
  const addresses = (spec.externalIPs ?? []).join(', ')
  const message = [
    ...(ports ? [`nothing is passed on at ${ports}: only TCP and UDP are`] : []),
    ...(addresses
      ? [`spec.externalIPs: nobody listens at ${addresses}: choose type NodePort`]
      : []),
  ].join('; ')
  if (message === '') return undefined
  return { type: carriedCondition, status: 'False', reason: 'NotSupported', message }
}
