import type { NodeStatus, Template, Workflow } from '@argosy/engine'
import { podName } from '@argosy/engine'

/** The nodes that ran as pods behind a node: itself, or the attempts of its Retry, the last one last. */
export function attemptsOf(run: Workflow, node: NodeStatus): readonly NodeStatus[] {
  const nodes = run.status?.nodes ?? {}
  if (node.type === 'Retry') {
    return (node.children ?? []).flatMap((id) => {
      const child = nodes[id]
      return child && child.type === 'Pod' && child.name.startsWith(`${node.name}(`) ? [child] : []
    })
  }
  if (node.type === 'Container') return [nodes[node.boundaryID ?? ''] ?? node]
  return node.type === 'Pod' ? [node] : []
}

/** The name of a node's pod, by the format that the run was made with. */
export function podOf({ metadata }: Workflow, node: NodeStatus): string {
  const format = metadata.annotations?.['workflows.argoproj.io/pod-name-format']
  if (format === 'v1') return node.id
  return podName(metadata.name ?? '', node.name, node.templateRef?.template ?? node.templateName)
}

/** The template that a node was made from, from wherever this run keeps it. */
export function templateOf({ spec, status }: Workflow, node: NodeStatus): Template | undefined {
  const { templateName, templateRef } = node
  const stored = status?.storedTemplates ?? {}
  if (templateRef) {
    const scope = templateRef.clusterScope ? 'cluster' : 'namespaced'
    return stored[`${scope}/${templateRef.name}/${templateRef.template}`]
  }
  const local = [
    ...(spec.templates ?? []),
    ...(status?.storedWorkflowTemplateSpec?.templates ?? []),
  ]
  return (
    local.find(({ name }) => name === templateName) ??
    stored[`${node.templateScope ?? ''}/${templateName}`]
  )
}

/** The containers of a template that write logs; `main` first. */
export function containersOf(template: Template | undefined): readonly string[] {
  const named = (list: readonly { readonly name?: string }[] | undefined) =>
    (list ?? []).flatMap(({ name }) => name ?? [])
  const own = template?.containerSet ? named(template.containerSet.containers) : ['main']
  return [...own, ...named(template?.sidecars), ...named(template?.initContainers), 'init', 'wait']
}
