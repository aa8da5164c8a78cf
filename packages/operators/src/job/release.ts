import type { Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Effect, refOf } from '@argosy/kube/workload'
import { tracking } from './job.ts'

/** Lets pods go that are counted, or that nobody will count any more. */
export function release(pods: readonly Pod[]): readonly Effect[] {
  return pods.map((pod) => {
    const finalizers = (pod.metadata.finalizers ?? []).filter((name) => name !== tracking)
    return { do: 'patch', ref: refOf(resources.pods, pod), body: { metadata: { finalizers } } }
  })
}
