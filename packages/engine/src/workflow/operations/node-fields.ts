import type { NodeStatus } from '../../spec/status.ts'

/** What a nodeFieldSelector may look at. argo: SelectorMatchesNode. */
export function nodeFields(node: NodeStatus): Readonly<Record<string, string | undefined>> {
  const fields: Record<string, string | undefined> = {
    displayName: node.displayName,
    templateName: templateOf(node),
    phase: node.phase,
    name: node.name,
    id: node.id,
    'templateRef.name': node.templateRef?.name,
    'templateRef.template': node.templateRef?.template,
  }
  for (const { name, value } of node.inputs?.parameters ?? []) {
    fields[`inputs.parameters.${name}.value`] = value
  }
  return fields
}

/** The name of the template that a node runs, wherever it is written. */
export function templateOf({ templateRef, templateName }: NodeStatus): string {
  return templateRef !== undefined ? (templateRef.template ?? '') : (templateName ?? '')
}
