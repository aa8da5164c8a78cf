import type { Artifact, NodeStatus, Workflow } from '@argosy/engine'

/** Which output artifacts of a workflow. */
export interface ArtifactQuery {
  readonly nodeId?: string
  readonly templateName?: string
  readonly artifactName?: string
}

export interface ArtifactOf {
  readonly node: NodeStatus
  readonly artifact: Artifact
}

/** The output artifacts of all nodes that are still there. argo: SearchArtifacts. */
export function artifactsOf(
  { status }: Workflow,
  { nodeId, templateName, artifactName }: ArtifactQuery,
): readonly ArtifactOf[] {
  const nodes = Object.values(status?.nodes ?? {}).filter(
    (node) =>
      (!nodeId || node.id === nodeId) && (!templateName || node.templateName === templateName),
  )
  return nodes.flatMap((node) =>
    (node.outputs?.artifacts ?? [])
      .filter(({ name, deleted }) => !deleted && (!artifactName || name === artifactName))
      .map((artifact) => ({ node, artifact })),
  )
}

/** The path with its variables filled in, each once. */
export function placeOf(
  { metadata }: Workflow,
  { node, artifact }: ArtifactOf,
  path: string,
): string {
  const values: Readonly<Record<string, string>> = {
    templateName: node.templateRef?.template ?? node.templateName ?? '',
    namespace: metadata.namespace ?? '',
    workflowName: metadata.name ?? '',
    nodeId: node.id,
    artifactName: artifact.name,
  }
  return path.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
