import type { Json, PatchOp } from '../spec/json.ts'
import { pointerSegment } from '../spec/json.ts'
import type { Condition } from '../spec/status.ts'
import type { Artifact, Template, Workflow, WorkflowSpec } from '../spec/workflow.ts'

/** Keeps a deleted Workflow until its artifacts are gone. */
export const artifactGcFinalizer = 'workflows.argoproj.io/artifact-gc'

const strategies = ['OnWorkflowCompletion', 'OnWorkflowDeletion'] as const
type Strategy = (typeof strategies)[number]

/** An artifact to be deleted: the `index`th output artifact of a node. */
export interface Doomed {
  readonly nodeId: string
  readonly index: number
  readonly artifact: Artifact
}

export interface ArtifactGc {
  /** What is dealt with now, and never again. */
  readonly strategies: readonly Strategy[]
  readonly doomed: readonly Doomed[]
}

/** Whether any output of these templates is to be deleted at some time. argo: HasArtifactGC. */
export function needsArtifactGc(spec: WorkflowSpec, templates: Iterable<Template>): boolean {
  for (const { outputs } of templates) {
    for (const artifact of outputs?.artifacts ?? []) {
      if (strategyOf(spec, artifact) !== undefined) return true
    }
  }
  return false
}

/** What an artifact says of itself goes before what the workflow says; undefined: it stays. */
function strategyOf(spec: WorkflowSpec, { artifactGC }: Artifact): Strategy | undefined {
  const named = artifactGC?.['strategy'] || spec.artifactGC?.['strategy']
  return strategies.find((one) => one === named)
}

/** What must be deleted now; undefined while the workflow has not ended, or when nothing of it is ours to delete. */
export function artifactGcDue(workflow: Workflow): ArtifactGc | undefined {
  const { finalizers, labels, deletionTimestamp } = workflow.metadata
  if (!finalizers?.includes(artifactGcFinalizer)) return undefined
  if (labels?.['workflows.argoproj.io/completed'] !== 'true') return undefined
  const processed = workflow.status?.artifactGCStatus?.strategiesProcessed ?? {}
  const ready = strategies.filter(
    (one) =>
      processed[one] !== true &&
      (one === 'OnWorkflowCompletion' || deletionTimestamp !== undefined),
  )
  const spec = specOf(workflow)
  const doomed = kept(workflow).filter(({ artifact }) => {
    const strategy = strategyOf(spec, artifact)
    return strategy !== undefined && ready.includes(strategy)
  })
  return { strategies: ready, doomed }
}

/** The spec that ran: of a workflow from a template the merged one. */
function specOf({ spec, status }: Workflow): WorkflowSpec {
  return status?.storedWorkflowTemplateSpec ?? spec
}

/** The output artifacts of all pods that are still there; other nodes only repeat them. */
function kept({ status }: Workflow): readonly Doomed[] {
  return Object.values(status?.nodes ?? {}).flatMap(({ id, type, outputs }) =>
    type === 'Pod'
      ? (outputs?.artifacts ?? []).flatMap((artifact, index) =>
          artifact.deleted ? [] : [{ nodeId: id, index, artifact }],
        )
      : [],
  )
}

/** What the Workflow says after `due` was dealt with; `failures` are those that could not be deleted, with the reason. */
export function artifactGcDone(
  workflow: Workflow,
  due: ArtifactGc,
  failures: ReadonlyMap<Doomed, string>,
): readonly PatchOp[] {
  const gone = due.doomed.filter((one) => !failures.has(one))
  const ops = gone.map(
    ({ nodeId, index }): PatchOp => ({
      op: 'add',
      path: `/status/nodes/${pointerSegment(nodeId)}/outputs/artifacts/${index}/deleted`,
      value: true,
    }),
  )
  if (due.strategies.length > 0) ops.push(processedOp(workflow, due.strategies))
  if (failures.size > 0) ops.push(conditionOp(workflow, [...failures.values()]))
  const { finalizers = [] } = workflow.metadata
  if (isOver(workflow, due, gone)) {
    const value = finalizers.filter((one) => one !== artifactGcFinalizer)
    ops.push({ op: 'add', path: '/metadata/finalizers', value })
  }
  return ops
}

function processedOp({ status }: Workflow, done: readonly Strategy[]): PatchOp {
  const before = status?.artifactGCStatus ?? {}
  const now = Object.fromEntries(done.map((one) => [one, true]))
  const value = { ...before, strategiesProcessed: { ...before.strategiesProcessed, ...now } }
  return { op: 'add', path: '/status/artifactGCStatus', value: value as Json }
}

function conditionOp({ status }: Workflow, errors: readonly string[]): PatchOp {
  const type = 'ArtifactGCError'
  const before = status?.conditions ?? []
  const old = before.find((one) => one.type === type)?.message
  const message = [...new Set([...(old ? [old] : []), ...errors])].join(', ')
  const now: Condition = { type, status: 'True', message }
  const value = [...before.filter((one) => one.type !== type), now]
  return { op: 'add', path: '/status/conditions', value: value as unknown as Json }
}

/** Nothing is left to be deleted; or, forced, everything has been tried. */
function isOver(workflow: Workflow, due: ArtifactGc, gone: readonly Doomed[]): boolean {
  const spec = specOf(workflow)
  const deleted = new Set(gone.map(({ nodeId, index }) => `${nodeId}/${index}`))
  const processed = workflow.status?.artifactGCStatus?.strategiesProcessed ?? {}
  const force = spec.artifactGC?.['forceFinalizerRemoval'] === true
  return kept(workflow).every(({ nodeId, index, artifact }) => {
    const strategy = strategyOf(spec, artifact)
    if (strategy === undefined || deleted.has(`${nodeId}/${index}`)) return true
    return force && (processed[strategy] === true || due.strategies.includes(strategy))
  })
}
