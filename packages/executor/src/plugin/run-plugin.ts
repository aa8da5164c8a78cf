import type { KubeObject, NodePhase } from '@argosy/engine'
import { parseDuration } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { BuiltInCall } from '../built-in.ts'
import { leaveVerdict, type Verdict } from '../verdict.ts'
import { type Agent, ensureAgent } from './agent-pod.ts'
import { askPlugin, type Reply } from './ask-plugin.ts'
import { pluginsOf } from './plugins.ts'

const over: ReadonlySet<NodePhase | undefined> = new Set([
  'Succeeded',
  'Failed',
  'Error',
  'Skipped',
  'Omitted',
])

/** The program behind plugin templates: asks the workflow's plugins, in order, until one takes the template. */
export async function pluginProgram(call: BuiltInCall): Promise<number> {
  const earlier = await call.recall()
  const verdict = earlier === undefined ? await judged(call) : (JSON.parse(earlier) as Verdict)
  await call.remember(JSON.stringify(verdict))
  await leaveVerdict(call, verdict)
  return 0
}

async function judged(call: BuiltInCall): Promise<Verdict> {
  const agent = await agentOf(call)
  const tokens = await ensureAgent(agent, call.client)
  for (;;) {
    const { node, requeue } = await firstReply(agent, tokens, call)
    if (over.has(node?.phase)) return { ...node }
    if (!requeue) {
      throw new Error(
        `a plugin left the node ${node?.phase || 'without a phase'} and wants no other call`,
      )
    }
    call.log(`${node?.phase} ${node?.message ?? ''}: again in ${requeue}`)
    const wait = parseDuration(requeue)
    if ('error' in wait) throw new Error(wait.error)
    await call.clock.until(call.clock.now() + wait.ms, call.signal)
  }
}

async function firstReply(
  { workflow, plugins }: Agent,
  tokens: ReadonlyMap<string, string>,
  call: BuiltInCall,
): Promise<Reply> {
  const { name, namespace, uid } = workflow.metadata
  const question = {
    workflow: { metadata: { name, namespace, uid } },
    template: call.plan?.template,
  }
  for (const plugin of plugins) {
    const reply = await askPlugin(plugin, tokens.get(plugin.name) ?? '', question, call)
    if (reply.node) return reply
  }
  throw new Error('no plugin executed the template')
}

async function agentOf({ pod, client, signal }: BuiltInCall): Promise<Agent> {
  const { namespace = 'default', ownerReferences = [] } = pod.metadata
  const owner = ownerReferences.find(({ kind }) => kind === 'Workflow')
  const ref = { resource: resources.workflows, namespace, name: owner?.name ?? '' }
  const workflow = await client.get<KubeObject>(ref, signal)
  if (!owner || !workflow) throw new Error('the pod belongs to no workflow')
  return { workflow, owner, plugins: await pluginsOf(workflow, client) }
}
