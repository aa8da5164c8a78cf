import { ignore, resources } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { flagIn } from '../http/query.ts'
import { json, type Reply } from '../http/reply.ts'
import { findWorkflow } from './find-workflow.ts'

/** `DELETE /api/v1/workflows/{namespace}/{name}`; with `force` nobody's finalizer is waited for. */
export async function deleteWorkflow({ caller, params, query, signal }: Call): Promise<Reply> {
  const named = { namespace: params['namespace'] ?? '', name: params['name'] ?? '' }
  const { metadata } = await findWorkflow(caller, named, signal)
  const { namespace = '', name = '' } = metadata
  const ref = { resource: resources.workflows, namespace, name }
  if (flagIn(query, 'force')) {
    const body = { metadata: { finalizers: null } }
    await caller.client.patch(ref, { type: 'merge', body }, signal)
    // What was being deleted already is gone with its last finalizer.
    await caller.client.remove(ref, {}, signal).catch(ignore('NotFound'))
  } else await caller.client.remove(ref, {}, signal)
  return json({})
}
