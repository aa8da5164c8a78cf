import type { NodeStatus, Workflow } from '@argosy/engine'
import { KubeEvents } from '../../parts/kube-events.tsx'
import { podOf } from '../../state/pods.ts'

interface NodeEventsProps {
  readonly run: Workflow
  readonly attempts: readonly NodeStatus[]
}

/** What Kubernetes said about the step's pods. */
export function NodeEvents({ run, attempts }: NodeEventsProps) {
  return (
    <KubeEvents
      namespace={run.metadata.namespace ?? ''}
      fieldSelector="involvedObject.kind=Pod"
      names={attempts.map((node) => podOf(run, node))}
      nothing="No events of its pods. Kubernetes forgets them after an hour."
    />
  )
}
