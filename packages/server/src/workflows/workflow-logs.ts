import { resources } from '@argosy/kube'
import { ApiError } from '../http/api-error.ts'
import type { Call } from '../http/call.ts'
import { batches, type Reply } from '../http/reply.ts'
import type { World } from '../world.ts'
import { anyWorkflow } from './get-workflow.ts'
import { logOptionsIn } from './log-options.ts'
import { followedLogs, hasEnded, recentLogs } from './read-logs.ts'

/** `GET …/{name}/log` and `GET …/{name}/{podName}/log`, also of what only the archive has. */
export async function workflowLogs(
  call: Call,
  { logs, logSearch: search, clock, archive }: World,
): Promise<Reply> {
  if (!logs) throw new ApiError('Unimplemented', 'this server has no logs')
  const { caller, params, signal } = call
  const namespace = params['namespace'] ?? ''
  const named = { namespace, name: params['name'] ?? '', uid: call.query.get('uid') ?? '' }
  const workflow = await anyWorkflow(call, named, archive)
  const options = logOptionsIn(call, clock.now())
  const place = { resource: resources.pods, namespace }
  await caller.may('list', place)
  await caller.may('get', { ...place, subresource: 'log' })
  if (options.follow) await caller.may('watch', place)
  const read = options.follow && !hasEnded(workflow) ? followedLogs : recentLogs
  return batches(read(workflow, options, { client: caller.client, logs, search, clock, signal }))
}
