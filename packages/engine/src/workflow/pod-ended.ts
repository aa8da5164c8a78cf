import type { Pod } from '../spec/pod.ts'

export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** The reason in the status of a pod that the server will never take: there is no such pod. */
export const notCreated = 'NotCreated'

/** The pod's node is over and has taken from the pod what it needs. */
export function isReleased({ metadata }: Pod): boolean {
  return metadata.labels?.['workflows.argoproj.io/completed'] === 'true'
}
