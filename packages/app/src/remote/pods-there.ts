import { type Pod, podName, type Workflow } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Remote } from './connect.ts'

/** The workflow's pods that are there, and whether it has had others. */
export async function podsThere(
  { client }: Remote,
  { metadata, status }: Workflow,
): Promise<{ readonly there: ReadonlySet<string>; readonly areSomeGone: boolean }> {
  const { namespace = '', name = '' } = metadata
  const labelSelector = `workflows.argoproj.io/workflow=${name}`
  const { items } = await client.list<Pod>({ resource: resources.pods, namespace, labelSelector })
  const there = new Set(items.map((pod) => pod.metadata.name ?? ''))
  const ran = Object.values(status?.nodes ?? {}).filter(
    ({ type, phase }) => type === 'Pod' && phase !== 'Pending',
  )
  const areSomeGone = ran.some(({ id, name: node, templateName, templateRef }) => {
    const pod = podName(name, node, templateRef?.template || templateName)
    return !there.has(pod) && !there.has(id)
  })
  return { there, areSomeGone }
}
