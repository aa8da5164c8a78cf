import { type NodeStatus, type Pod, why } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { json, type Reply } from '../http/reply.ts'
import { findWorkflow } from './find-workflow.ts'

/** `GET …/{name}/why`, with `node` for one of them: what a workflow waits for, or how it came to fail. Ours. */
export async function whyWorkflow({ caller, params, query, signal }: Call): Promise<Reply> {
  const named = { namespace: params['namespace'] ?? '', name: params['name'] ?? '' }
  const workflow = await findWorkflow(caller, named, signal)
  const { namespace = '', name = '' } = workflow.metadata
  const { items } = await caller.client.list<Pod>(
    {
      resource: resources.pods,
      namespace,
      labelSelector: `workflows.argoproj.io/workflow=${name}`,
    },
    signal,
  )
  const pods = new Map(items.map((pod) => [nodeOf(pod), pod]))
  const node = query.get('node') ?? ''
  const reasons = why(workflow, {
    podOf: ({ id }: NodeStatus) => pods.get(id),
    ...(node && { node }),
  })
  return json({
    reasons: reasons.map(({ kind, sentence, chain, node: about }) => ({
      ...{ kind, sentence, chain },
      ...(about && { nodeId: about.id }),
    })),
  })
}

function nodeOf({ metadata }: Pod): string {
  return metadata.annotations?.['workflows.argoproj.io/node-id'] ?? ''
}
