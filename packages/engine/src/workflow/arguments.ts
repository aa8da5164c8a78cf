import { type Substituted, substitute } from '../expr/tags.ts'
import type { Arguments, Artifact, Inputs, Parameter, Template } from '../spec/workflow.ts'
import { absentOptional } from './arguments-absent.ts'
import { hasLocationOrKey } from './arguments-location.ts'
import { configMapValue } from './globals-config-map.ts'
import { parametersJson } from './globals-json.ts'
import type { Scope } from './scope.ts'
import type { World } from './world.ts'

export { neverResolved, resolveInvocation } from './arguments-invocation.ts'

export interface ProcessOptions {
  readonly globals: Scope
  readonly nodeName: string
  /** Of templates that run in a pod, unless they are retried: then each attempt has its own. */
  readonly podName?: string
  readonly invokedBy?: { readonly kind: 'steps' | 'tasks'; readonly name: string }
  readonly world: World
  readonly namespace: string
  /** Artifacts need not be anywhere yet. */
  readonly validateOnly?: boolean
}

export interface Processed {
  /** With globals, inputs and its own paths substituted. */
  readonly template: Template
  readonly inputs: Inputs
  /** For the body of steps and DAGs: the inputs, over the globals. */
  readonly scope: Scope
}

type Refused = { readonly problem: string }

/** Gives a template its inputs and substitutes what is known before its node starts. */
export function processArgs(
  template: Template,
  args: Arguments,
  options: ProcessOptions,
): Processed | Refused {
  const parameters = inputParameters(template, args, options)
  if ('problem' in parameters) return parameters
  const artifacts = inputArtifacts(template, args, options)
  if ('problem' in artifacts) return artifacts
  const inputs: Inputs = { ...template.inputs, ...parameters, ...artifacts }
  const supplied = template.inputs === undefined ? template : { ...template, inputs }
  return substituted(supplied, options)
}

/** Twice: globals may stand in the inputs, so inputs can only be used once those are replaced. */
function substituted(supplied: Template, options: ProcessOptions): Processed | Refused {
  const first = substitutedTwofold(supplied, withLocals(options.globals.child(), options))
  if (first.problem !== undefined) return { problem: first.problem }

  const scope = options.globals.child()
  addInputs(scope, first.value.inputs)
  const own = withLocals(scope.child(), options)
  addPaths(own, first.value)
  const second = substitutedTwofold(first.value, own)
  if (second.problem !== undefined) return { problem: second.problem }

  const template = second.value
  const inputs = template.inputs ?? {}
  for (const { name, value } of inputs.parameters ?? []) {
    if (value !== undefined) scope.set(`inputs.parameters.${name}`, value)
  }
  for (const artifact of inputs.artifacts ?? []) {
    scope.setArtifact(`inputs.artifacts.${artifact.name}`, artifact)
  }
  return { template, inputs, scope }
}

/**
 * What steps and tasks say of the workflow's outputs is read when they begin: others may have written them by then.
 * argo: templates are processed anew on every pass.
 */
function substitutedTwofold(template: Template, scope: Scope): Substituted<Template> {
  const { steps, dag, ...around } = template
  if (steps === undefined && dag === undefined) return substitute(template, scope)
  const body = { ...(steps !== undefined && { steps }), ...(dag !== undefined && { dag }) }
  const outer = substitute<Omit<Template, 'steps' | 'dag'>>(around, scope)
  const inner = substitute(body, scope, { later: 'workflow.outputs' })
  const problem = outer.problem ?? inner.problem
  const same = outer.value === around && inner.value === body
  return {
    value: same ? template : { ...outer.value, ...inner.value },
    unresolved: [],
    ...(problem !== undefined && { problem }),
  }
}

function withLocals(scope: Scope, { nodeName, podName, invokedBy }: ProcessOptions): Scope {
  scope.set('node.name', nodeName)
  if (podName !== undefined) scope.set('pod.name', podName)
  // argo: what no step or task has called, the entrypoint or a hook, is called by a step without a name.
  scope.set(`${invokedBy?.kind ?? 'steps'}.name`, invokedBy?.name ?? '')
  return scope
}

function addInputs(scope: Scope, inputs: Inputs | undefined): void {
  for (const { name, value } of inputs?.parameters ?? []) {
    if (value !== undefined) scope.set(`inputs.parameters.${name}`, value)
  }
  scope.setLazy('inputs.parameters', () => parametersJson(inputs?.parameters))
}

function addPaths(scope: Scope, { inputs, outputs }: Template): void {
  for (const { name, path } of inputs?.artifacts ?? []) {
    if (path) scope.set(`inputs.artifacts.${name}.path`, path)
  }
  for (const { name, path } of outputs?.artifacts ?? []) {
    if (path) scope.set(`outputs.artifacts.${name}.path`, path)
  }
  for (const { name, valueFrom } of outputs?.parameters ?? []) {
    if (valueFrom?.path) scope.set(`outputs.parameters.${name}.path`, valueFrom.path)
  }
}

function inputParameters(
  template: Template,
  args: Arguments,
  options: ProcessOptions,
): { readonly parameters?: readonly Parameter[] } | Refused {
  const declared = template.inputs?.parameters
  if (declared === undefined) return {}
  const given = new Map(args.parameters?.map((parameter) => [parameter.name, parameter]))
  const parameters: Parameter[] = []
  for (const input of declared) {
    const supplied = suppliedParameter(input, given.get(input.name))
    const valued = 'problem' in supplied ? supplied : withValue(supplied, options)
    if ('problem' in valued) return valued
    parameters.push(valued)
  }
  return { parameters }
}

/** The argument over the input's own value over its default. */
function suppliedParameter(input: Parameter, argument: Parameter | undefined): Parameter | Refused {
  const value = input.value ?? input.default
  const own: Parameter = value === undefined ? input : { ...input, value }
  if (argument === undefined) return own
  if (argument.value === absentOptional) {
    if (value !== undefined || input.valueFrom !== undefined) return own
    const why =
      'argument references an absent optional (skipped/omitted node output with no default)'
    return { problem: `inputs.parameters.${input.name}: ${why}` }
  }
  const { value: _, valueFrom: __, ...rest } = input
  if (argument.value !== undefined) return { ...rest, value: argument.value }
  return argument.valueFrom === undefined ? rest : { ...rest, valueFrom: argument.valueFrom }
}

function withValue(parameter: Parameter, options: ProcessOptions): Parameter | Refused {
  const { name, value, valueFrom } = parameter
  const ref = valueFrom?.configMapKeyRef
  if (ref === undefined) {
    return value === undefined
      ? { problem: `inputs.parameters.${name} was not supplied` }
      : parameter
  }
  const place = substitute({ name: ref.name ?? '', key: ref.key }, options.globals, { final: true })
  if (place.problem !== undefined) {
    return { problem: `failed to substitute configMapKeyRef: ${place.problem}` }
  }
  const found = configMapValue(options.world, { namespace: options.namespace, ...place.value })
  if (!('problem' in found)) return { ...parameter, value: found.value }
  if (found.notFound && valueFrom?.default !== undefined) {
    return { ...parameter, value: valueFrom.default }
  }
  return {
    problem: `unable to retrieve inputs.parameters.${name} from ConfigMap: ${found.problem}`,
  }
}

function inputArtifacts(
  template: Template,
  args: Arguments,
  options: ProcessOptions,
): { readonly artifacts?: readonly Artifact[] } | Refused {
  const declared = template.inputs?.artifacts
  if (declared === undefined) return {}
  const artifacts: Artifact[] = []
  for (const input of declared) {
    const given = args.artifacts?.find((artifact) => artifact.name === input.name)
    const problem = missingArtifact(input, given, options)
    if (problem !== undefined) return { problem }
    artifacts.push(given === undefined ? input : placed(given, input))
  }
  return { artifacts }
}

function missingArtifact(
  input: Artifact,
  given: Artifact | undefined,
  { validateOnly = false }: ProcessOptions,
): string | undefined {
  if (input.optional || hasLocationOrKey(input)) return undefined
  if (given === undefined) return `inputs.artifacts.${input.name} was not supplied`
  return hasLocationOrKey(given) || validateOnly
    ? undefined
    : `inputs.artifacts.${input.name} missing location information`
}

/** The argument's bytes where the input wants them. */
function placed(argument: Artifact, { path, mode, recurseMode }: Artifact): Artifact {
  const { path: _, mode: __, recurseMode: ___, ...rest } = argument
  return {
    ...rest,
    ...(path !== undefined && { path }),
    ...(mode !== undefined && { mode }),
    ...(recurseMode !== undefined && { recurseMode }),
  }
}
