import type { Arguments, Workflow, WorkflowSpec, WorkflowTemplate } from '../../spec/workflow.ts'

/** The variables that every template may use, with their values where the manifest has them. */
export function workflowVariables(
  workflow: Workflow | WorkflowTemplate,
  stored: WorkflowSpec | undefined,
  args: Arguments,
): readonly (readonly [name: string, value?: string])[] {
  const { metadata, spec } = workflow
  const parameters = args.parameters ?? []
  const metadataOf = [metadata, spec.workflowMetadata, stored?.workflowMetadata]
  const labels = metadataOf.flatMap((each) => Object.keys(each?.labels ?? {}))
  const computed = [spec, stored].flatMap((each) =>
    Object.keys(each?.workflowMetadata?.labelsFrom ?? {}),
  )
  const annotations = metadataOf.flatMap((each) => Object.keys(each?.annotations ?? {}))
  return [
    ...always.map((name) => [name] as const),
    ...(parameters.length > 0
      ? ([['workflow.parameters'], ['workflow.parameters.json']] as const)
      : []),
    ...parameters.map(({ name, value }) =>
      value === undefined
        ? ([`workflow.parameters.${name}`] as const)
        : ([`workflow.parameters.${name}`, value] as const),
    ),
    ...[...labels, ...computed].map((key) => [`workflow.labels.${key}`] as const),
    ...annotations.map((key) => [`workflow.annotations.${key}`] as const),
    ...(spec.priority === undefined ? [] : [['workflow.priority', String(spec.priority)] as const]),
  ]
}

const always = [
  'workflow.name',
  'workflow.namespace',
  'workflow.mainEntrypoint',
  'workflow.serviceAccountName',
  'workflow.uid',
  'workflow.annotations',
  'workflow.annotations.json',
  'workflow.labels',
  'workflow.labels.json',
  'workflow.status',
]
