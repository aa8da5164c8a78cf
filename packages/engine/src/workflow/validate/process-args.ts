import type { JsonObject } from '../../spec/json.ts'
import type { Artifact, Parameter, Template } from '../../spec/workflow.ts'
import { hasLocationOrKey } from './artifacts.ts'
import type { Args, Check } from './check.ts'
import { outputPaths } from './check-inputs.ts'
import { replaceTagsIn } from './tags.ts'

/** A template as it is when called with some arguments, or the inputs that it lacks then. */
export interface Called {
  readonly template: Template
  readonly missing: readonly string[]
}

/** Gives the inputs their values and substitutes what is known before a run; unknown values are placeholders. */
export function processArgs(
  template: Template,
  args: Args,
  locals: readonly string[],
  check: Check,
): Called {
  const missing: string[] = []
  const parameters = template.inputs?.parameters?.map((input) => {
    const value = withArgument(input, parameterFrom(args, input.name, check))
    if (!value.valueFrom?.configMapKeyRef && value.value === undefined) {
      missing.push(`inputs.parameters.${input.name} was not supplied`)
    }
    return value
  })
  const artifacts = template.inputs?.artifacts?.map((input) => {
    const argument = artifactFrom(args, input.name)
    if (!argument && !input.optional && !hasLocationOrKey(input)) {
      missing.push(`inputs.artifacts.${input.name} was not supplied`)
    }
    return argument ? artifactAt(input, argument) : input
  })
  if (missing.length > 0) return { template, missing }
  const inputs = {
    ...template.inputs,
    ...(parameters && { parameters }),
    ...(artifacts && { artifacts }),
  }
  const called = template.inputs ? { ...template, inputs } : template
  return { template: substitute(called, locals, check), missing }
}

function parameterFrom(args: Args, name: string, check: Check): Parameter | undefined {
  if (args === 'fake') return { name, value: check.placeholder() }
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
