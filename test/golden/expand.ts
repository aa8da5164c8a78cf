import { isObject, type Json, type JsonObject } from '../../packages/engine/src/index.ts'
import {
  parseClusterWorkflowTemplate,
  parseWorkflow,
  parseWorkflowTemplate,
} from '../../packages/engine/src/spec/parse/parse-workflow.ts'
import type { Workflow, WorkflowTemplate } from '../../packages/engine/src/spec/workflow.ts'

/** The Workflow `w` that a case writes in short; what is no part of it throws. */
export function readWorkflow(title: string, shared: JsonObject, own: JsonObject): Workflow {
  const { metadata, ...spec } = own
  const object: JsonObject = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w', ...(metadata as JsonObject) },
    spec: specOf(shared, spec),
  }
  const { workflow, problems } = parseWorkflow(object)
  if (problems.length > 0) throw new Error(`${title}: ${JSON.stringify(problems)}`)
  return workflow
}

/** WorkflowTemplates by name; those whose name begins with `cluster/` are for all namespaces. */
export function storedTemplates(
  title: string,
  shared: JsonObject,
  stored: JsonObject,
): readonly WorkflowTemplate[] {
  return Object.entries(stored).map(([id, spec]) => {
    const name = id.replace(/^cluster\//, '')
    const kind = name === id ? 'WorkflowTemplate' : 'ClusterWorkflowTemplate'
    const object: JsonObject = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind,
      metadata: { name, ...(kind === 'WorkflowTemplate' && { namespace: 'default' }) },
      spec: specOf({ T: { pod: (shared['T'] as JsonObject)?.['pod'] ?? {} } }, spec as JsonObject),
    }
    const parse = name === id ? parseWorkflowTemplate : parseClusterWorkflowTemplate
    const { template, problems } = parse(object)
    if (problems.length > 0) throw new Error(`${title}: ${JSON.stringify(problems)}`)
    return template
  })
}

/** `main` is the entrypoint's template, `T` are others by their name; the rest is as in any spec. */
function specOf(shared: JsonObject, { main, T, bare, ...rest }: JsonObject): JsonObject {
  const named =
    bare === true
      ? { ...(T as JsonObject) }
      : { ...(shared['T'] as JsonObject), ...(T as JsonObject) }
  const templates = [
    ...(main === undefined ? [] : [['main', main] as const]),
    ...Object.entries(named),
  ]
  return hooked({
    ...(main !== undefined && { entrypoint: 'main' }),
    ...(templates.length > 0 && {
      templates: templates.map(([name, body]) => ({ name, ...template(body as JsonObject) })),
    }),
    ...rest,
    ...(rest['arguments'] !== undefined && { arguments: argumentsOf(rest['arguments']) }),
  })
}

function template(body: JsonObject): JsonObject {
  const { steps, dag, ...rest } = body
  return {
    ...rest,
    ...(steps !== undefined && {
      steps: (steps as Json[]).map((group) => (group as Json[]).map(invocation)),
    }),
    ...(dag !== undefined && { dag: dagOf(dag) }),
  }
}

function dagOf(dag: Json): JsonObject {
  if (Array.isArray(dag)) return { tasks: dag.map(invocation) }
  const { tasks, ...rest } = dag as JsonObject
  return { ...rest, tasks: (tasks as Json[]).map(invocation) }
}

/** `name template p=v` is a step; without a template it runs `pod`. `with` gives parameters by name. */
function invocation(step: Json): JsonObject {
  if (typeof step === 'string') {
    const [name = '', template = 'pod', ...rest] = step.split(' ')
    const given = parametersIn(rest.join(' '))
    return { name, template, ...(given && { arguments: given }) }
  }
  const { with: given, inline, ...rest } = step as JsonObject
  const named = ['template', 'templateRef'].some((field) => rest[field] !== undefined)
  return hooked({
    ...rest,
    ...(!named && inline === undefined && { template: 'pod' }),
    ...(inline !== undefined && { inline: template(inline as JsonObject) }),
    ...(given !== undefined && { arguments: argumentsOf(given) }),
  })
}

/** Hooks are written like steps, without a name: `template p=v`. */
function hooked(owner: JsonObject): JsonObject {
  const { hooks } = owner
  if (hooks === undefined) return owner
  const all = Object.entries(hooks as JsonObject).map(([name, hook]) => {
    const { name: _, ...rest } = invocation(
      typeof hook === 'string' ? `${name} ${hook}` : (hook as JsonObject),
    )
    return [name, rest]
  })
  return { ...owner, hooks: Object.fromEntries(all) }
}

function argumentsOf(given: Json): JsonObject {
  if (!isObject(given) || 'parameters' in given || 'artifacts' in given) return given as JsonObject
  return {
    parameters: Object.entries(given).map(([name, value]) => ({ name, value: value ?? '' })),
  }
}

function parametersIn(text: string): JsonObject | undefined {
  const parts = text.split(/(?:^| )(?=[\w-]+=)/).filter((part) => part !== '')
  if (parts.length === 0) return undefined
  const parameters = parts.map((part) => {
    const at = part.indexOf('=')
    return { name: part.slice(0, at), value: part.slice(at + 1) }
  })
  return { parameters }
}
