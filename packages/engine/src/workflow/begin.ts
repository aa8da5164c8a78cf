import { chooseRepository } from './choose-repository.ts'
import { estimateOfRun } from './estimate.ts'
import { setWorkflowStatus } from './globals.ts'
import { ownMetadata } from './own-metadata.ts'
import type { RunState } from './run-state.ts'
import { unsupported } from './validate/supported.ts'
import { validateWorkflow } from './validate/validate-workflow.ts'

/** `waiting`: for its locks. */
type Beginning =
  | 'begun'
  | 'waiting'
  | { readonly refused: string; readonly phase?: 'Failed' | 'Error' }

/**
 * The first pass of a workflow that has no phase: its metadata, its locks, its phase, its start.
 * Does nothing to a workflow that has begun before.
 */
export function begin(run: RunState): Beginning {
  const { status, spec } = run
  const before = status.get('phase') ?? ''
  const begun = before !== '' && before !== 'Pending'
  if (begun && spec.synchronization !== undefined) run.locks.keepForWorkflow(spec.synchronization)
  const wrong = begun ? undefined : wrongFromTheStart(run)
  if (wrong !== undefined) return wrong
  const unresolved = chooseRepository(run)
  if (unresolved !== undefined) return { refused: unresolved, phase: 'Error' }
  if (begun) return 'begun'
  const lock = spec.synchronization && run.locks.askForWorkflow(spec.synchronization)
  if (lock?.kind === 'refused') {
    return { refused: `Failed to acquire the synchronization lock. ${lock.problem}` }
  }
  if (lock?.kind === 'waiting') return postpone(run, lock.message)
  markRunning(run)
  return 'begun'
}

function wrongFromTheStart(run: RunState): Extract<Beginning, object> | undefined {
  const problem = refusalOf(run)
  if (problem !== undefined) return { refused: problem }
  const unlabelled = applyMetadata(run)
  return unlabelled === undefined ? undefined : { refused: unlabelled, phase: 'Error' }
}

// argo: releaseLocksForPendingShuttingdownWfs: Stop lets it go on waiting.
function postpone(run: RunState, message: string): Beginning {
  if (run.shutdown === 'Terminate') return { refused: "Stopped with strategy 'Terminate'" }
  const { status } = run
  status.setLabel('workflows.argoproj.io/phase', 'Pending')
  if (status.label('workflows.argoproj.io/completed') === undefined) {
    status.setLabel('workflows.argoproj.io/completed', 'false')
  }
  status.set('phase', 'Pending')
  status.set('message', message)
  return 'waiting'
}

function markRunning(run: RunState): void {
  const { status } = run
  status.setLabel('workflows.argoproj.io/phase', 'Running')
  if (status.label('workflows.argoproj.io/completed') === undefined) {
    status.setLabel('workflows.argoproj.io/completed', 'false')
  }
  status.setAnnotation('workflows.argoproj.io/pod-name-format', 'v2')
  status.set('phase', 'Running')
  status.set('startedAt', run.nowText)
  status.set('estimatedDuration', estimateOfRun(run.world.baseline))
  status.set('message', undefined)
  setWorkflowStatus(run.globals, 'Running')
}

/** Why the workflow must not run at all. */
export function refusalOf(run: RunState): string | undefined {
  const wrong = validateWorkflow(run.workflow, run.world, 'submit')[0]
  if (wrong !== undefined) return `invalid spec: ${wrong.message}`
  const refused = unsupported(run.spec)[0]
  return refused === undefined ? undefined : `${refused.path}: ${refused.message}`
}

function applyMetadata(run: RunState): string | undefined {
  const made = ownMetadata(run.spec, run.globals)
  if ('problem' in made) return made.problem
  for (const [name, value] of Object.entries(made.annotations)) {
    run.status.setAnnotation(name, value)
    run.globals.set(`workflow.annotations.${name}`, value)
  }
  for (const [name, value] of Object.entries(made.labels)) {
    run.status.setLabel(name, value)
    run.globals.set(`workflow.labels.${name}`, value)
  }
  return undefined
}
