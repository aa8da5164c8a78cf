import { setFailures, setWorkflowStatus } from './globals.ts'
import type { HookSite } from './life-cycle-hooks.ts'
import type { NodeRecord } from './nodes.ts'
import type { RunState } from './run-state.ts'
import { workflowPhase } from './workflow-phase.ts'

/** Where the lifecycle hooks of the workflow hang: they see the phase that its entrypoint has come to. */
export function rootHookSite(run: RunState, node: NodeRecord): HookSite {
  return {
    run,
    node,
    hooks: run.spec.hooks ?? {},
    order: [0],
    get closed() {
      return run.nodes.named(`${run.name}.onExit`) !== undefined
    },
    scope: () => {
      setEntryStatus(run, node)
      return run.globals
    },
    arguments: (hook) => hook.arguments ?? {},
    place: { holder: run.templates.local, onExit: false, depth: 0 },
    // What is wrong with a hook is said when there is nothing left that could be lost by it.
    erred: (message) => {
      if (node.completed && node.status.phase !== 'Error') run.mark(node, 'Error', message)
    },
  }
}

/** `workflow.status` and `workflow.failures` as they are by now. */
export function setEntryStatus(run: RunState, node: NodeRecord): void {
  setWorkflowStatus(run.globals, workflowPhase(node.status.phase))
  setFailures(run.globals, run.name, failedNodes(run))
}

function* failedNodes(run: RunState) {
  for (const node of run.nodes.all()) if (node.failedOrError) yield node.status
}
