import type { ObjectReference } from '../spec/parse/parse-workflow.ts'
import { parseTime } from '../spec/time.ts'
import type { Workflow } from '../spec/workflow.ts'
import type { CronState } from './cron-state.ts'

const scheduledTime = 'workflows.argoproj.io/scheduled-time'

/** Whether the workflow has come to its end. */
function hasEnded({ status }: Workflow): boolean {
  return ['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '')
}

/** The workflows that belong to the CronWorkflow. */
export function childrenOf(state: CronState, workflows: readonly Workflow[]): readonly Workflow[] {
  const { uid } = state.cron.metadata
  return workflows.filter(({ metadata }) =>
    metadata.ownerReferences?.some(
      (owner) => owner.controller === true && owner.kind === 'CronWorkflow' && owner.uid === uid,
    ),
  )
}

/**
 * Brings the status up to what became of the workflows. One that was made just before a crash is taken note of now:
 * what it was made for is in its annotation. True when one more was counted. argo: reconcileActiveWfs.
 */
export function reconcile(state: CronState, children: readonly Workflow[]): boolean {
  const counted = state.succeeded + state.failed
  const last = parseTime(state.lastScheduledTime ?? '') ?? Number.NEGATIVE_INFINITY
  for (const child of children) {
    const at = scheduledFor(state, child)
    const isNew = at !== undefined && at > last
    if (isNew) note(state, child)
    const isKnown = state.active.some(({ uid }) => uid === child.metadata.uid)
    if (!isKnown && (isNew || !hasEnded(child)))
      state.active = [...state.active, referenceTo(child)]
  }
  const byUid = new Map(children.map((child) => [child.metadata.uid, child]))
  state.active = state.active.filter(({ uid }) => {
    const child = byUid.get(uid)
    if (child === undefined) return false
    if (!hasEnded(child)) return true
    if (child.status?.phase === 'Succeeded') state.succeeded += 1
    else state.failed += 1
    return false
  })
  return state.succeeded + state.failed > counted
}

function note(state: CronState, { metadata }: Workflow): void {
  const text = metadata.annotations?.[scheduledTime] ?? ''
  const known = parseTime(state.lastScheduledTime ?? '') ?? Number.NEGATIVE_INFINITY
  if ((parseTime(text) ?? 0) > known) state.lastScheduledTime = text
  if (state.phase !== 'Stopped') state.phase = 'Active'
  state.clear('SubmissionError')
}

/** The tick that the workflow was made for; somebody may also have submitted one by hand. */
function scheduledFor({ cron }: CronState, { metadata }: Workflow): number | undefined {
  const at = parseTime(metadata.annotations?.[scheduledTime] ?? '')
  if (at === undefined) return undefined
  return metadata.name === childName(cron.metadata.name ?? '', at) ? at : undefined
}

/** One name for each tick: a second workflow for it is refused by its name. */
export function childName(cronName: string, tick: number): string {
  return `${cronName}-${Math.floor(tick / 1000)}`
}

// argo: getWorkflowObjectReference.
function referenceTo({ apiVersion, metadata }: Workflow): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata
  return {
    kind: 'Workflow',
    apiVersion,
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  }
}

/** Finished workflows beyond what is to be kept. argo: enforceHistoryLimit. */
export function beyondHistory(state: CronState, children: readonly Workflow[]): readonly string[] {
  const { name } = state.cron.metadata
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = state.cron.spec
  const finished = children.filter(
    (child) =>
      hasEnded(child) &&
      child.metadata.deletionTimestamp === undefined &&
      child.metadata.labels?.['workflows.argoproj.io/cron-workflow'] === name,
  )
  const good = finished.filter(({ status }) => status?.phase === 'Succeeded')
  const bad = finished.filter(({ status }) => status?.phase !== 'Succeeded')
  return [
    ...oldest(good, limitOf(successfulJobsHistoryLimit, 3)),
    ...oldest(bad, limitOf(failedJobsHistoryLimit, 1)),
  ]
}

function limitOf(limit: number | undefined, otherwise: number): number {
  return limit !== undefined && limit >= 0 ? limit : otherwise
}

function oldest(workflows: readonly Workflow[], kept: number): readonly string[] {
  const endOf = ({ status }: Workflow) => parseTime(status?.finishedAt ?? '') ?? 0
  return workflows
    .toSorted((a, b) => endOf(b) - endOf(a))
    .slice(kept)
    .map(({ metadata }) => metadata.name ?? '')
}
