import { type NodeStatus, type Pod, type Reason, type Workflow, why } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Paint } from '../output/paint.ts'
import { oneLine } from '../output/text-width.ts'
import type { Remote } from './connect.ts'

const mostLogs = 3
const logLines = 10

/** What `argosy why` says: a line for each reason, its place, and of failures the last that was written. */
export async function explain(
  remote: Remote,
  workflow: Workflow,
  { node, paint }: { readonly node: string | undefined; readonly paint: Paint },
): Promise<readonly string[]> {
  const pods = await podsOf(remote, workflow)
  const podOf = (one: NodeStatus) => pods.get(one.id)
  const reasons = why(workflow, { podOf, ...(node !== undefined && { node }) })
  if (reasons.length === 0) return [nothing(workflow, node)]
  const lines: string[] = []
  let logs = 0
  for (const reason of reasons) {
    if (lines.length > 0) lines.push('')
    lines.push(...headOf(reason, paint))
    const pod = reason.kind === 'failed' && reason.node ? podOf(reason.node) : undefined
    if (pod && logs++ < mostLogs) lines.push(...(await lastLines(remote, pod, paint)))
  }
  return lines
}

function nothing({ metadata, status }: Workflow, node: string | undefined): string {
  const phase = status?.phase ?? 'without a phase'
  if (node === undefined) return `${metadata.name} is ${phase}: nothing to explain`
  const known = Object.values(status?.nodes ?? {}).some((one) =>
    [one.id, one.name, one.displayName].includes(node),
  )
  return known
    ? `${node} of ${metadata.name} is well: nothing to explain`
    : unknownNode(metadata.name, node)
}

function unknownNode(workflow: string | undefined, node: string): never {
  throw new Error(`${workflow} has no node "${node}": \`argosy get ${workflow}\` shows them`)
}

function headOf({ kind, sentence, chain }: Reason, paint: Paint): readonly string[] {
  const look = kind === 'failed' ? 'Failed' : kind === 'skipped' ? 'Skipped' : 'Running'
  const head = paint.look(look, oneLine(sentence))
  return chain.length > 1
    ? [head, `    ${paint.faint(`in ${chain.slice(1).join(' ← ')}`)}`]
    : [head]
}

async function podsOf(
  { client }: Remote,
  { metadata }: Workflow,
): Promise<ReadonlyMap<string, Pod>> {
  const { items } = await client.list<Pod>({
    resource: resources.pods,
    labelSelector: `workflows.argoproj.io/workflow=${metadata.name}`,
    ...(metadata.namespace && { namespace: metadata.namespace }),
  })
  const nodeOf = (pod: Pod) => pod.metadata.annotations?.['workflows.argoproj.io/node-id'] ?? ''
  return new Map(items.map((pod) => [nodeOf(pod), pod]))
}

/** A pod that is gone, or that never wrote, has nothing to say. */
async function lastLines(
  { connection }: Remote,
  pod: Pod,
  paint: Paint,
): Promise<readonly string[]> {
  const { namespace = 'default', name = '' } = pod.metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?tailLines=${logLines}&container=main`
  const text = await connection
    .open(path, { accept: '*/*' })
    .then(async (response) => (await response.toArray()).map(String).join(''))
    .catch(() => '')
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => `    ${paint.faint('|')} ${line}`)
}
