import type { Handle, Route } from '../http/router.ts'
import type { World } from '../world.ts'
import { createWorkflow, lintWorkflow } from './create-workflow.ts'
import { deleteWorkflow } from './delete-workflow.ts'
import { getWorkflow } from './get-workflow.ts'
import { listWorkflows } from './list-workflows.ts'
import * as operate from './operate-workflow.ts'
import { submitWorkflow } from './submit-workflow.ts'
import { watchEvents, watchWorkflows } from './watch-workflows.ts'
import { whyWorkflow } from './why-workflow.ts'
import { workflowLogs } from './workflow-logs.ts'

const all = '/api/v1/workflows/{namespace}'
const one = `${all}/{name}`

/** argo: WorkflowService. */
export function workflowRoutes(world: World): readonly Route[] {
  const put = (operation: string, handle: Handle): Route => ({
    method: 'PUT',
    path: `${one}/${operation}`,
    handle,
  })
  return [
    { method: 'GET', path: all, handle: (call) => listWorkflows(call, world) },
    { method: 'POST', path: all, handle: (call) => createWorkflow(call, world) },
    { method: 'POST', path: `${all}/lint`, handle: (call) => lintWorkflow(call, world) },
    { method: 'POST', path: `${all}/submit`, handle: (call) => submitWorkflow(call, world) },
    { method: 'GET', path: one, handle: (call) => getWorkflow(call, world) },
    { method: 'DELETE', path: one, handle: deleteWorkflow },
    { method: 'GET', path: `${one}/why`, handle: whyWorkflow },
    { method: 'GET', path: `${one}/log`, handle: (call) => workflowLogs(call, world) },
    { method: 'GET', path: `${one}/{podName}/log`, handle: (call) => workflowLogs(call, world) },
    put('suspend', operate.suspend),
    put('resume', (call) => operate.resume(call, world)),
    put('stop', (call) => operate.stop(call, world)),
    put('terminate', operate.terminate),
    put('set', (call) => operate.set(call, world)),
    put('retry', (call) => operate.retry(call, world)),
    put('resubmit', (call) => operate.resubmit(call, world)),
    { method: 'GET', path: '/api/v1/workflow-events/{namespace}', handle: watchWorkflows },
    { method: 'GET', path: '/api/v1/stream/events/{namespace}', handle: watchEvents },
  ]
}
