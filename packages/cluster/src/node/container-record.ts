import type { Container, ContainerState } from '@argosy/engine'
import type { Exit } from './runtime.ts'
import { timestamp } from './timestamp.ts'

export type WaitingReason =
  | 'ContainerCreating'
  | 'PodInitializing'
  | 'CreateContainerConfigError'
  | 'CreateContainerError'
  | 'ErrImageNeverPull'
  | 'ImagePullBackOff'
  | 'ErrImagePull'
  | 'InvalidImageName'
  | 'CrashLoopBackOff'

/** What is known of one container of a pod; `pod-status.ts` makes the reported status of it. */
export interface ContainerRecord {
  readonly spec: Container
  readonly state: ContainerState
  readonly lastState?: ContainerState
  readonly restartCount: number
  /** The runtime's id: its directory's name. */
  readonly id?: string
  /** What its probes say while it runs; default: yes. */
  readonly ready?: boolean
  readonly started?: boolean
}

export function waiting(reason: WaitingReason, message?: string): ContainerState {
  return { waiting: { reason, ...(message !== undefined && { message }) } }
}

export function runningSince(at: number): ContainerState {
  return { running: { startedAt: timestamp(at) } }
}

/** The kubelet's words for how a container ended. */
export function terminated(
  exit: Exit,
  startedAt: number,
  message: string | undefined,
): ContainerState {
  const text = exit.startError ?? message
  return {
    terminated: {
      exitCode: exit.startError === undefined ? exit.code : startErrorCode(exit.code),
      ...(exit.signal !== undefined && { signal: exit.signal }),
      reason: reasonOf(exit),
      ...(text !== undefined && text !== '' && { message: text }),
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(exit.finishedAt),
    },
  }
}

/** A program that never ran ends with 128 unless the runtime knows better (126, 127). */
function startErrorCode(code: number): number {
  return code === 0 ? 128 : code
}

function reasonOf(exit: Exit): string {
  if (exit.startError !== undefined) return 'StartError'
  if (exit.outOfMemory) return 'OOMKilled'
  return exit.code === 0 ? 'Completed' : 'Error'
}

/** For a container of which nothing is left to ask. */
export function lost(message: string): ContainerState {
  return { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message } }
}

/** kubelet: status_manager.go and kubelet_pods.go. */
export const lostWhileRunning =
  'The container could not be located when the pod was deleted.  The container used to be Running'
export const neverLocated = 'The container could not be located when the pod was terminated'
