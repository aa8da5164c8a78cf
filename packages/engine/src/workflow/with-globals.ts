import { substitute } from '../expr/tags.ts'
import type { LifecycleHook, WorkflowSpec } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

/**
 * The spec with `workflow.*` replaced everywhere but in the templates. argo: substituteGlobalVariables.
 * What hooks are given waits until they run: it may speak of the status that the workflow has by then.
 */
export function withGlobals(spec: WorkflowSpec, globals: Scope): WorkflowSpec {
  const { templates, hooks, metrics, ...rest } = spec
  const { value } = substitute(rest, globals, {})
  return {
    ...value,
    ...(hooks !== undefined && { hooks: hooksWithGlobals(hooks, globals) }),
    // Metrics speak of what will be known when they are measured.
    ...(metrics !== undefined && { metrics }),
    ...(templates !== undefined && { templates }),
  }
}

function hooksWithGlobals(
  hooks: Readonly<Record<string, LifecycleHook>>,
  globals: Scope,
): Readonly<Record<string, LifecycleHook>> {
  const made = Object.entries(hooks).map(([name, { arguments: args, ...hook }]) => {
    const { value } = substitute(hook, globals, {})
    return [name, { ...value, ...(args !== undefined && { arguments: args }) }] as const
  })
  return Object.fromEntries(made)
}
