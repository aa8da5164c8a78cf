import type { JsonObject } from '../../spec/json.ts'
import type { Arguments, Artifact, Parameter, Template } from '../../spec/workflow.ts'
import { hasLocationOrKey } from './artifacts.ts'
import type { Args, Check } from './check.ts'
import { outputPaths } from './check-inputs.ts'
import { replaceTagsIn } from './tags.ts'

/** The inputs that a template lacks when called with these arguments, in upstream's words. */
export function missingInputs({ inputs }: Template, args: Args): string[] {
  if (args === 'fake') return []
  const parameters = (inputs?.parameters ?? []).filter((input) => {
    const { value, valueFrom } = withArgument(input, parameterFrom(args, input.name))
    return value === undefined && !valueFrom?.configMapKeyRef
  })
  const artifacts = (inputs?.artifacts ?? []).filter(
    (input) => !artifactFrom(args, input.name) && !input.optional && !hasLocationOrKey(input),
  )
  return [
    ...parameters.map(({ name }) => `inputs.parameters.${name} was not supplied`),
    ...artifacts.map(({ name }) => `inputs.artifacts.${name} was not supplied`),
  ]
}

/** A template called with all that it needs: what is known before a run is substituted, unknown values are placeholders. */
export function processArgs(
  template: Template,
  args: Args,
  locals: readonly string[],
  check: Check,
): Template {
  if (!template.inputs) return substitute(template, locals, check)
  const parameters = template.inputs.parameters?.map((input) => {
    const fake = { name: input.name, value: check.placeholder() }
    return withArgument(input, args === 'fake' ? fake : parameterFrom(args, input.name))
  })
  const artifacts = template.inputs.artifacts?.map((input) => {
    const argument = artifactFrom(args, input.name)
    return argument ? artifactAt(input, argument) : input
  })
  const given = { ...(parameters && { parameters }), ...(artifacts && { artifacts }) }
  return substitute({ ...template, inputs: { ...template.inputs, ...given } }, locals, check)
}

function parameterFrom(args: Arguments, name: string): Parameter | undefined {
  return args.parameters?.find((each) => each.name === name)
}

function artifactFrom(args: Args, name: string): Artifact | undefined {
  return args === 'fake' ? { name } : args.artifacts?.find((each) => each.name === name)
}

function withArgument(input: Parameter, argument: Parameter | undefined): Parameter {
  const { value: ownValue, valueFrom: ownSource, ...rest } = input
  const value = argument ? argument.value : (ownValue ?? input.default)
  const valueFrom = argument ? (value === undefined ? argument.valueFrom : undefined) : ownSource
  return { ...rest, ...(value !== undefined && { value }), ...(valueFrom && { valueFrom }) }
}

/** The argument's content at the input's place. */
function artifactAt(input: Artifact, argument: Artifact): Artifact {
  const { path: _path, mode: _mode, recurseMode: _recurse, ...content } = argument
  const { path, mode, recurseMode } = input
  return {
    ...content,
    ...(path !== undefined && { path }),
    ...(mode !== undefined && { mode }),
    ...(recurseMode !== undefined && { recurseMode }),
  }
}

// Globals first, then inputs: a global may stand in an input's value.
function substitute(template: Template, locals: readonly string[], check: Check): Template {
  const known = new Map(check.globals)
  for (const name of locals) known.set(name, check.placeholder())
  const first = replaced(template, known)
  for (const { name, value } of first.inputs?.parameters ?? []) {
    if (value !== undefined) known.set(`inputs.parameters.${name}`, value)
  }
  known.set('inputs.parameters', JSON.stringify(first.inputs?.parameters ?? []))
  for (const { name, path } of first.inputs?.artifacts ?? []) {
    if (path) known.set(`inputs.artifacts.${name}.path`, path)
  }
  for (const [name, path] of outputPaths(first)) known.set(name, path)
  return replaced(first, known)
}

function replaced(template: Template, known: ReadonlyMap<string, string>): Template {
  // A template is JSON, and replacing text by text keeps its shape.
  const json = template as unknown as JsonObject
  return replaceTagsIn(json, (name) => known.get(name)) as unknown as Template
}
