import type { KubeObject, PatchOp, WorkflowPhase } from '@argosy/engine'
import { isObject } from '@argosy/engine'
import { apiVersionOf, type Client, type Ref, resources } from '@argosy/kube'

/** The phase that a patch of a Workflow sets, if it sets one. */
export function phaseIn(ops: readonly PatchOp[]): WorkflowPhase | undefined {
  for (const op of ops) {
    if (op.op !== 'add' && op.op !== 'replace') continue
    if (op.path === '/status/phase') return op.value as WorkflowPhase
    if (op.path === '/status' && isObject(op.value)) return op.value['phase'] as WorkflowPhase
  }
  return undefined
}

const kinds: Partial<Record<WorkflowPhase, readonly ['Normal' | 'Warning', string, string]>> = {
  Running: ['Normal', 'WorkflowRunning', 'Workflow Running'],
  Succeeded: ['Normal', 'WorkflowSucceeded', 'Workflow completed'],
  Failed: ['Warning', 'WorkflowFailed', 'Workflow failed'],
  Error: ['Warning', 'WorkflowFailed', 'Workflow error'],
}

interface About {
  readonly phase: WorkflowPhase
  readonly uid: string | undefined
  readonly message: string | undefined
  readonly now: number
}

/** Tells the Workflow's story where `kubectl describe` reads it. */
export async function emitPhase(client: Client, workflow: Ref, about: About): Promise<void> {
  const kind = kinds[about.phase]
  if (!kind) return
  const [type, reason, fallback] = kind
  await client.create(resources.events, eventOf(workflow, about, { type, reason, fallback }))
}

function eventOf(
  workflow: Ref,
  { uid, message, now }: About,
  { type, reason, fallback }: { type: string; reason: string; fallback: string },
): KubeObject {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`
  const { name, namespace = 'default' } = workflow
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${name}.`, namespace },
    involvedObject: {
      apiVersion: apiVersionOf(resources.workflows),
      kind: 'Workflow',
      name,
      namespace,
      ...(uid !== undefined && { uid }),
    },
    type,
    reason,
    message: message || fallback,
    source: { component: 'workflow-controller' },
    reportingComponent: 'workflow-controller',
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  } as KubeObject
}
