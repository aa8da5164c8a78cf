import type {
  Change,
  Decision,
  NodePhase,
  NodeStatus,
  PatchOp,
  Pod,
  Run,
  Workflow,
  World,
} from '@argosy/engine'
import type { Engine } from '../../packages/operators/src/index.ts'

/**
 * An engine small enough to be right: `spec.chain` pods, one after the other. It keeps to the contract of the real one,
 * and counts what it is asked.
 */
export interface ChainEngine extends Engine {
  readonly loads: string[]
  /** Called inside every pass, before it decides. */
  onAdvance: (
    run: ChainRun,
    changes: readonly Change[],
    now: number,
  ) => Partial<Decision> | undefined
}

export interface ChainRun extends Run {
  workflow: Workflow
  readonly world: World
  readonly pods: Map<string, Pod>
}

export function chainEngine(): ChainEngine {
  const engine: ChainEngine = {
    loads: [],
    onAdvance: () => undefined,
    load: ({ workflow, pods, world }) => {
      engine.loads.push(workflow.metadata.name ?? '')
      const byName = new Map(pods.map((pod) => [pod.metadata.name ?? '', pod]))
      return { workflow, world, pods: byName, size: 0 } satisfies ChainRun
    },
    advance: (run, changes, now) => {
      const chain = run as ChainRun
      for (const change of changes) {
        if (change.kind === 'pod') chain.pods.set(change.pod.metadata.name ?? '', change.pod)
        if (change.kind === 'workflow') chain.workflow = change.workflow
      }
      const extra = engine.onAdvance(chain, changes, now)
      return { ...decide(chain), ...extra }
    },
  }
  return engine
}

function decide(run: ChainRun): Decision {
  const { workflow, pods } = run
  const name = workflow.metadata.name ?? ''
  const create: Pod[] = []
  const nodes: Record<string, NodeStatus> = {}
  let phase: NodePhase = 'Succeeded'
  for (let step = 0; step < Number(workflow.spec['chain']); step++) {
    const pod = pods.get(`${name}-${step}`)
    if (!pod) create.push(podOf(workflow, `${name}-${step}`))
    if (!pod) pods.set(`${name}-${step}`, podOf(workflow, `${name}-${step}`))
    const ended = pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed'
    const id = `${name}-${step}`
    phase = ended ? (pod.status?.phase as NodePhase) : 'Running'
    nodes[id] = { id, name: id, displayName: id, type: 'Pod', phase }
    if (phase !== 'Succeeded') break
  }
  const done = phase !== 'Running'
  return { ops: opsFor(run, phase, nodes), create, stop: [], release: [], wakeAt: undefined, done }
}

function opsFor(run: ChainRun, phase: NodePhase, nodes: Record<string, NodeStatus>): PatchOp[] {
  const status = { phase, nodes }
  if (JSON.stringify(run.workflow.status) === JSON.stringify(status)) return []
  run.workflow = { ...run.workflow, status: status as never }
  const label = { op: 'add', path: '/metadata/labels', value: completed } as const
  const ops: PatchOp[] = [{ op: 'add', path: '/status', value: status as never }]
  return phase === 'Running' ? ops : [...ops, label]
}

const completed = { 'workflows.argoproj.io/completed': 'true' }

function podOf(workflow: Workflow, name: string): Pod {
  const { namespace, name: owner = '' } = workflow.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { 'workflows.argoproj.io/workflow': owner },
    },
    spec: { containers: [{ name: 'main', image: 'none' }] },
  }
}
