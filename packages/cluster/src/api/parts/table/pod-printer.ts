import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { at, numberAt, objectsAt, textAt } from './at.ts'
import { ageOf, columns, conditionOf, nameOf, type Printer, since } from './printer.ts'

export const podPrinter: Printer = {
  columns: columns(
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
    '*IP',
    '*Node',
    '*Nominated Node',
    '*Readiness Gates',
  ),
  cells: (pod, now) => {
    const { ready, total, reason, restarts, restartedAt } = summaryOf(pod)
    const ago = restarts !== 0 && restartedAt !== '' ? ` (${since(now, restartedAt)} ago)` : ''
    return [
      nameOf(pod),
      `${ready}/${total}`,
      reason,
      `${restarts}${ago}`,
      ageOf(pod, now),
      textAt(objectsAt(pod, 'status', 'podIPs')[0], 'ip') || '<none>',
      textAt(pod, 'spec', 'nodeName') || '<none>',
      textAt(pod, 'status', 'nominatedNodeName') || '<none>',
      readinessGates(pod),
    ]
  },
}

interface Tally {
  readonly ready: number
  readonly restarts: number
  /** RFC 3339, '' for never. */
  readonly restartedAt: string
}

interface Summary extends Tally {
  readonly total: number
  readonly reason: string
}

function summaryOf(pod: KubeObject): Summary {
  const inits = objectsAt(pod, 'spec', 'initContainers')
  const sidecars = new Set(inits.filter(isSidecar).map((one) => textAt(one, 'name')))
  const total = objectsAt(pod, 'spec', 'containers').length + sidecars.size
  const initial = initialSummary(pod, inits.length, sidecars)
  const isInitialized = initial.reason === undefined || conditionOf(pod, 'Initialized') === 'True'
  const started = initial.reason ?? podReason(pod)
  if (!isInitialized) return { ...initial.all, total, reason: finalReason(pod, started) }

  const main = mainSummary(pod, started)
  return {
    total,
    ready: initial.all.ready + main.ready,
    restarts: initial.sidecars.restarts + main.restarts,
    restartedAt: later(initial.sidecars.restartedAt, main.restartedAt),
    reason: finalReason(pod, main.reason),
  }
}

function podReason(pod: KubeObject): string {
  const gated = objectsAt(pod, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === 'PodScheduled' && textAt(one, 'reason') === 'SchedulingGated',
  )
  if (gated) return 'SchedulingGated'
  return textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase')
}

function finalReason(pod: KubeObject, reason: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return reason
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown'
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')) ? reason : 'Terminating'
}

function isSidecar(container: JsonObject): boolean {
  return container['restartPolicy'] === 'Always'
}

/** Up to the first init container that is not done; `reason` is there when one is not. */
function initialSummary(pod: KubeObject, count: number, sidecars: ReadonlySet<string>) {
  let [all, ofSidecars]: readonly [Tally, Tally] = [none, none]
  for (const [index, status] of objectsAt(pod, 'status', 'initContainerStatuses').entries()) {
    const sidecar = sidecars.has(textAt(status, 'name'))
    const reason = initReason(status, sidecar, `Init:${index}/${count}`)
    const ready = reason === undefined && sidecar && isStarted(status) && status['ready'] === true
    all = added(all, status, ready)
    if (sidecar) ofSidecars = added(ofSidecars, status, ready)
    if (reason !== undefined) return { reason, all, sidecars: ofSidecars }
  }
  return { reason: undefined, all, sidecars: ofSidecars }
}

const none: Tally = { ready: 0, restarts: 0, restartedAt: '' }

function added(tally: Tally, status: JsonObject, ready: boolean): Tally {
  return {
    ready: tally.ready + (ready ? 1 : 0),
    restarts: tally.restarts + numberAt(status, 'restartCount'),
    restartedAt: later(tally.restartedAt, textAt(status, 'lastState', 'terminated', 'finishedAt')),
  }
}

function later(a: string, b: string): string {
  if (a === '' || b === '') return a || b
  return Date.parse(b) > Date.parse(a) ? b : a
}

function isStarted(status: JsonObject): boolean {
  return status['started'] === true && !isDone(status)
}

function isDone(status: JsonObject): boolean {
  const ended = at(status, 'state', 'terminated')
  return isObject(ended) && numberAt(ended, 'exitCode') === 0
}

function initReason(status: JsonObject, sidecar: boolean, progress: string): string | undefined {
  if (isDone(status) || (sidecar && status['started'] === true)) return undefined
  const ended = at(status, 'state', 'terminated')
  if (isObject(ended)) return `Init:${endReason(ended)}`
  const waiting = textAt(status, 'state', 'waiting', 'reason')
  return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : progress
}

function endReason(ended: JsonObject): string {
  const reason = textAt(ended, 'reason')
  if (reason !== '') return reason
  const signal = numberAt(ended, 'signal')
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(ended, 'exitCode')}`
}

/** The main containers, the last one first: the first in the list has the last word. */
function mainSummary(pod: KubeObject, before: string): Tally & { readonly reason: string } {
  let tally = none
  let reason = before
  for (const status of objectsAt(pod, 'status', 'containerStatuses').toReversed()) {
    const waiting = textAt(status, 'state', 'waiting', 'reason')
    const ended = at(status, 'state', 'terminated')
    const stands = waiting === '' && !isObject(ended)
    const running = stands && isObject(at(status, 'state', 'running'))
    if (waiting !== '') reason = waiting
    else if (isObject(ended)) reason = endReason(ended)
    tally = added(tally, status, running && status['ready'] === true)
  }
  if (reason !== 'Completed' || tally.ready === 0) return { ...tally, reason }
  return { ...tally, reason: conditionOf(pod, 'Ready') === 'True' ? 'Running' : 'NotReady' }
}

function readinessGates(pod: KubeObject): string {
  const gates = objectsAt(pod, 'spec', 'readinessGates')
  if (gates.length === 0) return '<none>'
  const open = gates.filter((gate) => conditionOf(pod, textAt(gate, 'conditionType')) === 'True')
  return `${open.length}/${gates.length}`
}
