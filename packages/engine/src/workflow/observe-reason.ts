import type { ContainerStatus, Pod } from '../spec/pod.ts'
import type { NodePhase } from '../spec/status.ts'
import type { ObserveOptions } from './observe.ts'
import { endOfMain } from './observe-end.ts'

/** Why a pod does not start yet. */
export function pendingReason({ status }: Pod): string | undefined {
  for (const { state } of status?.containerStatuses ?? []) {
    if (state?.waiting) return reasonText(state.waiting)
  }
  const unschedulable = status?.conditions?.find(({ reason }) => reason === 'Unschedulable')
  return unschedulable && reasonText(unschedulable)
}

function reasonText({ reason = '', message }: { reason?: string; message?: string }): string {
  return message ? `${reason}: ${message}` : reason
}

interface Failure {
  readonly phase: NodePhase
  readonly message?: string
}

/** The phase and message of a pod that has failed; the first container that is to blame speaks. */
export function inferFailure(
  pod: Pod,
  { expectsResult, mains = ['main'] }: Pick<ObserveOptions, 'expectsResult' | 'mains'>,
): Failure {
  const { status, metadata } = pod
  if (status?.message) return { phase: 'Failed', message: status.message }
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []).toSorted(byBlame(mains)),
  ]
  if (containers.length === 0) {
    const where = `pod ${metadata.name ?? ''} namespace ${metadata.namespace ?? ''}`
    return { phase: 'Failed', message: `can't find failed message for ${where}` }
  }
  for (const container of containers) {
    const failure = failureOf(container, mains)
    if (failure !== undefined) return failure
  }
  return unexplained(containers, expectsResult, mains)
}

// The kubelet gives them by name, and the first that is to blame speaks.
function byBlame(mains: readonly string[]) {
  const order = ({ name }: ContainerStatus) => (mains.includes(name) ? 1 : name === 'wait' ? 2 : 3)
  return (a: ContainerStatus, b: ContainerStatus) => {
    const rank = order(a) - order(b)
    return rank !== 0 ? rank : a.name < b.name ? -1 : 1
  }
}

function failureOf(container: ContainerStatus, mains: readonly string[]): Failure | undefined {
  const { name, state } = container
  if (state?.waiting) {
    const { reason = '', message = '' } = state.waiting
    const why = `due to ${reason}: ${message}`
    return { phase: 'Error', message: `Pod failed before ${name} container starts ${why}` }
  }
  const ended = mains.includes(name) ? endOfMain(container) : state?.terminated
  if (ended === undefined || ended.exitCode === 0) return undefined
  const detail = ended.message ? `: ${ended.message}` : ''
  const message = `${name}: ${ended.reason ?? ''} (exit code ${ended.exitCode})${detail}`
  if (mains.includes(name)) return { phase: 'Failed', message }
  if (name === 'init' || name === 'wait') return { phase: 'Error', message }
  // argo: a sidecar that was told to go, or killed, has done nothing wrong.
  if (ended.exitCode === 137 || ended.exitCode === 143) return undefined
  return { phase: 'Failed', message }
}

function unexplained(
  containers: readonly ContainerStatus[],
  hasReporter: boolean,
  mains: readonly string[],
): Failure {
  const succeeded = (container: string) =>
    containers.some(({ name, state }) => name === container && state?.terminated?.exitCode === 0)
  const main = mains.some(succeeded)
  // Embedded pods have no `wait` container: the node's own runner does its work.
  const wait = succeeded('wait') || !(hasReporter && containers.some(({ name }) => name === 'wait'))
  if (main && wait) return { phase: 'Succeeded' }
  if (main) return failed('wait container did not complete successfully')
  return succeeded('wait')
    ? failed('main container did not complete successfully')
    : failed('neither main nor wait container completed successfully')
}

function failed(why: string): Failure {
  return { phase: 'Failed', message: `pod failed: ${why}` }
}
