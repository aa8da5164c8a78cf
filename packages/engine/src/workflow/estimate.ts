import { parseTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import { nodeId } from './names.ts'

const origins = ['workflow-template', 'cluster-workflow-template', 'cron-workflow'].map(
  (name) => `workflows.argoproj.io/${name}`,
)

/** The label that workflows of the same origin have: by the last of them that succeeded a new one is measured. */
export function originOf({ metadata }: Workflow): string | undefined {
  const label = origins.find((name) => metadata.labels?.[name])
  return label === undefined ? undefined : `${label}=${metadata.labels?.[label]}`
}

/** How long the whole is expected to take, in seconds. argo: EstimateWorkflowDuration. */
export function estimateOfRun(baseline: Workflow | undefined): number | undefined {
  return baseline?.status === undefined ? undefined : duration(baseline.status)
}

/** The same for a node: by the one of that name in the baseline. argo: EstimateNodeDuration. */
export function estimateOfNode(
  baseline: Workflow | undefined,
  workflowName: string,
  nodeName: string,
): number | undefined {
  if (baseline === undefined) return undefined
  const { name = '' } = baseline.metadata
  const node =
    baseline.status?.nodes?.[
      nodeId(
        name,
        nodeName.replace(workflowName, () => name),
      )
    ]
  return node === undefined ? undefined : duration(node)
}

interface Span {
  readonly startedAt?: string
  readonly finishedAt?: string
}

// What is 0 is left out, as upstream does.
function duration({ startedAt = '', finishedAt = '' }: Span): number | undefined {
  const [from, to] = [parseTime(startedAt), parseTime(finishedAt)]
  if (from === undefined || to === undefined || to <= from) return undefined
  return Math.floor((to - from) / 1000)
}
