import type { Artifact, Outputs, Parameter } from '../spec/workflow.ts'
import { addGlobalOutput } from './globals.ts'
import type { RunState } from './run-state.ts'

/** Copies outputs that have a globalName to the workflow's own; later writers overwrite. */
export function exportOutputs(run: RunState, outputs: Outputs): void {
  const parameters = (outputs.parameters ?? []).filter((p) => p.globalName !== undefined)
  const artifacts = (outputs.artifacts ?? []).filter((a) => a.globalName !== undefined)
  if (parameters.length === 0 && artifacts.length === 0) return
  const before = run.status.get('outputs') ?? {}
  run.status.set('outputs', {
    ...before,
    ...(parameters.length > 0 && {
      parameters: parameters
        .map(globalParameter)
        .reduce(upsert<Parameter>, before.parameters ?? []),
    }),
    ...(artifacts.length > 0 && {
      artifacts: artifacts.map(globalArtifact).reduce(upsert<Artifact>, before.artifacts ?? []),
    }),
  })
  addGlobalOutput(run.globals, outputs)
}

function upsert<T extends { readonly name: string }>(all: readonly T[], one: T): readonly T[] {
  const at = all.findIndex((other) => other.name === one.name)
  return at < 0 ? [...all, one] : all.with(at, one)
}

function globalParameter(parameter: Parameter): Parameter {
  const { name, globalName, value } = parameter
  return { name: globalName ?? name, ...(value !== undefined && { value }) }
}

function globalArtifact(artifact: Artifact): Artifact {
  const { globalName, path: _, ...rest } = artifact
  return { ...rest, name: globalName ?? artifact.name }
}
