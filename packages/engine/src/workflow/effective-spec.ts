import type {
  Arguments,
  Artifact,
  Parameter,
  Workflow,
  WorkflowMetadata,
  WorkflowSpec,
} from '../spec/workflow.ts'
import { backendOf } from './arguments-location.ts'
import { strategicMerge } from './effective-spec-merge.ts'
import { typedSpec } from './typed.ts'
import type { World } from './world.ts'

/** The spec that is run. `stored` is to be frozen in `status.storedWorkflowTemplateSpec`. */
export type EffectiveSpec =
  | { readonly spec: WorkflowSpec; readonly stored?: WorkflowSpec }
  | { readonly problem: string }

/** Merges the workflow over its template over the defaults; what was frozen once wins over a changed template. */
export function effectiveSpec(
  workflow: Workflow,
  world: World,
  defaults?: WorkflowSpec,
): EffectiveSpec {
  const ref = workflow.spec.workflowTemplateRef
  if (ref === undefined) {
    const { spec } = workflow
    return { spec: defaults === undefined ? spec : mergeOver(defaults, spec) }
  }
  const frozen = workflow.status?.storedWorkflowTemplateSpec
  if (frozen !== undefined && !isOutdated(frozen, workflow.spec)) return { spec: frozen }

  const clusterScope = ref.clusterScope ?? false
  const below = frozen ?? world.template({ name: ref.name, clusterScope })?.spec
  if (below === undefined) return { problem: notFound(ref.name, clusterScope) }
  const typed = typedSpec(below)
  if (typed.problem !== undefined) return { problem: `${ref.name}: ${typed.problem}` }
  const spec = joined(workflow.spec, typed.spec, defaults)
  return { spec, stored: spec }
}

/** The label of a workflow by which runs of its template are found. argo: setWfTemplateLabel. */
export function templateLabelOf({ spec }: Workflow): Readonly<Record<string, string>> {
  const ref = spec.workflowTemplateRef
  if (ref === undefined) return {}
  const kind = ref.clusterScope ? 'cluster-workflow-template' : 'workflow-template'
  return { [`workflows.argoproj.io/${kind}`]: ref.name }
}

// argo: needsStoredWfSpecUpdate. These fields of the workflow may change while it runs.
function isOutdated(frozen: WorkflowSpec, own: WorkflowSpec): boolean {
  return (
    (Boolean(own.entrypoint) && !frozen.entrypoint) ||
    (own.suspend ?? false) !== (frozen.suspend ?? false) ||
    (own.shutdown ?? '') !== (frozen.shutdown ?? '')
  )
}

function notFound(name: string, clusterScope: boolean): string {
  const kind = clusterScope ? 'clusterworkflowtemplates' : 'workflowtemplates'
  return `${kind}.argoproj.io "${name}" not found`
}

function joined(
  own: WorkflowSpec,
  below: WorkflowSpec,
  defaults: WorkflowSpec | undefined,
): WorkflowSpec {
  const overTemplate = mergeOver(below, own)
  const { suspend: _, ...merged } =
    defaults === undefined ? overTemplate : mergeOver(defaults, overTemplate)
  const args = joinedArguments(merged.arguments, own.arguments, below.arguments)
  return {
    ...merged,
    ...(args !== undefined && { arguments: args }),
    ...(own.suspend !== undefined && { suspend: own.suspend }),
  }
}

/** `over` wins; hooks and labelsFrom are not merged below their names. */
function mergeOver(under: WorkflowSpec, over: WorkflowSpec): WorkflowSpec {
  const merged = strategicMerge(under, over)
  const hooks = { ...under.hooks, ...over.hooks }
  const metadata = mergedMetadata(merged.workflowMetadata, under, over)
  return {
    ...merged,
    ...(Object.keys(hooks).length > 0 && { hooks }),
    ...(metadata !== undefined && { workflowMetadata: metadata }),
  }
}

function mergedMetadata(
  merged: WorkflowMetadata | undefined,
  under: WorkflowSpec,
  over: WorkflowSpec,
): WorkflowMetadata | undefined {
  const labelsFrom = {
    ...under.workflowMetadata?.labelsFrom,
    ...over.workflowMetadata?.labelsFrom,
  }
  return Object.keys(labelsFrom).length > 0 ? { ...merged, labelsFrom } : merged
}

// A parameter that has a value is taken whole from the highest place that gives it one.
function joinedArguments(
  merged: Arguments | undefined,
  own: Arguments | undefined,
  below: Arguments | undefined,
): Arguments | undefined {
  if (merged === undefined) return undefined
  const parameters = merged.parameters?.map((parameter) =>
    hasValue(parameter)
      ? (valued(own, parameter.name) ?? valued(below, parameter.name) ?? parameter)
      : parameter,
  )
  const artifacts = merged.artifacts?.map((artifact) => {
    const higher = named(own, artifact.name) ?? named(below, artifact.name)
    return higher === undefined ? artifact : overridden(artifact, higher)
  })
  return { ...merged, ...(parameters && { parameters }), ...(artifacts && { artifacts }) }
}

function hasValue({ value, valueFrom, default: fallback }: Parameter): boolean {
  return value !== undefined || valueFrom !== undefined || fallback !== undefined
}

function valued(args: Arguments | undefined, name: string): Parameter | undefined {
  return args?.parameters?.find((parameter) => parameter.name === name && hasValue(parameter))
}

function named(args: Arguments | undefined, name: string): Artifact | undefined {
  return args?.artifacts?.find((artifact) => artifact.name === name)
}

// Only with the same backend may the lower place add fields: two backends in one artifact would be none.
function overridden(base: Artifact, higher: Artifact): Artifact {
  const backend = backendOf(base)
  if (backend === undefined || backend !== backendOf(higher)) return higher
  return { ...higher, [backend]: strategicMerge(base[backend] ?? {}, higher[backend] ?? {}) }
}
