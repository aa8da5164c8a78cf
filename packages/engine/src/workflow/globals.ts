import { quote } from '../expr/go-quote.ts'
import { strftime, strftimeCharacters } from '../expr/strftime.ts'
import { goJson } from '../expr/tags-go-json.ts'
import type { NodeStatus } from '../spec/status.ts'
import { parseTime } from '../spec/time.ts'
import type { Outputs, Parameter, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { configMapValue } from './globals-config-map.ts'
import { parametersJson } from './globals-json.ts'
import { podName } from './names.ts'
import { Scope } from './scope.ts'
import type { World } from './world.ts'

const scheduledTime = 'workflows.argoproj.io/scheduled-time'

/** The variables `workflow.*` that every template sees. */
export function globalScope(
  workflow: Workflow,
  spec: WorkflowSpec,
  world: World,
): { readonly scope: Scope } | { readonly problem: string } {
  const scope = new Scope()
  setIdentity(scope, workflow, spec)
  setCreation(scope, workflow.metadata.creationTimestamp)
  const problem = setParameters(scope, workflow, spec, world)
  if (problem !== undefined) return { problem }
  setMetadata(scope, workflow, spec)
  addGlobalOutput(scope, named(workflow.status?.outputs))
  return { scope }
}

function setIdentity(scope: Scope, { metadata, status }: Workflow, spec: WorkflowSpec): void {
  scope.set('workflow.name', metadata.name ?? '')
  scope.set('workflow.namespace', metadata.namespace ?? '')
  scope.set('workflow.mainEntrypoint', spec.entrypoint ?? '')
  scope.set('workflow.serviceAccountName', spec.serviceAccountName ?? '')
  scope.set('workflow.uid', metadata.uid ?? '')
  scope.set('workflow.status', status?.phase ?? '')
  scope.set('workflow.duration', '0.000000')
  const scheduled = metadata.annotations?.[scheduledTime]
  if (scheduled !== undefined) scope.set('workflow.scheduledTime', scheduled)
  if (spec.priority !== undefined) scope.set('workflow.priority', String(spec.priority))
}

function setCreation(scope: Scope, creationTimestamp: string | undefined): void {
  const text = creationTimestamp ?? '0001-01-01T00:00:00Z'
  const ms = parseTime(text) ?? 0
  scope.set('workflow.creationTimestamp', text)
  scope.set('workflow.creationTimestamp.RFC3339', text)
  scope.set('workflow.creationTimestamp.s', String(Math.floor(ms / 1000)))
  for (const char of strftimeCharacters) {
    scope.setLazy(`workflow.creationTimestamp.${char}`, () => strftime(`%${char}`, ms))
  }
}

function setParameters(
  scope: Scope,
  workflow: Workflow,
  spec: WorkflowSpec,
  world: World,
): string | undefined {
  const parameters = spec.arguments?.parameters
  for (const name of ['workflow.parameters', 'workflow.parameters.json']) {
    scope.setLazy(name, () => parametersJson(parameters))
  }
  for (const parameter of parameters ?? []) {
    const value = parameterValue(parameter, workflow.metadata.namespace ?? '', world)
    if ('problem' in value) return value.problem
    scope.set(`workflow.parameters.${parameter.name}`, value.value)
  }
  return undefined
}

function parameterValue(
  { name, value, valueFrom }: Parameter,
  namespace: string,
  world: World,
): { readonly value: string } | { readonly problem: string } {
  if (value !== undefined) return { value }
  const ref = valueFrom?.configMapKeyRef
  if (ref === undefined) {
    const problem = `either value or valueFrom must be specified in order to set global parameter ${name}`
    return { problem }
  }
  const place = { namespace, name: ref.name ?? '', key: ref.key }
  const found = configMapValue(world, place)
  if (!('problem' in found)) return found
  if (valueFrom?.default !== undefined) return { value: valueFrom.default }
  const where = `from configmap with name ${place.name} and key ${place.key}`
  return { problem: `failed to set global parameter ${name} ${where}: ${found.problem}` }
}

function setMetadata(scope: Scope, workflow: Workflow, spec: WorkflowSpec): void {
  const { metadata } = workflow
  const { workflowMetadata } = spec
  const late = lateLabels(workflow, spec)
  for (const kind of ['annotations', 'labels'] as const) {
    const own = metadata[kind]
    scope.setLazy(`workflow.${kind}`, () => goJson(own ?? null))
    scope.setLazy(`workflow.${kind}.json`, () => goJson(own ?? null))
    const all = { ...own, ...workflowMetadata?.[kind], ...(kind === 'labels' && late) }
    for (const [key, value] of Object.entries(all)) {
      if (value !== undefined) scope.set(`workflow.${kind}.${key}`, value)
    }
  }
}

/** A label that an expression sets is not known before the workflow begins. */
function lateLabels(
  { metadata, status }: Workflow,
  { workflowMetadata }: WorkflowSpec,
): Readonly<Record<string, string | undefined>> {
  const begun = !['', 'Pending'].includes(status?.phase ?? '')
  const names = Object.keys(workflowMetadata?.labelsFrom ?? {})
  return Object.fromEntries(
    names.map((name) => [name, begun ? metadata.labels?.[name] : undefined]),
  )
}

/** `workflow.status`: Running until the end. */
export function setWorkflowStatus(scope: Scope, phase: string): void {
  scope.set('workflow.status', phase)
}

/** `workflow.duration`, in seconds. */
export function setWorkflowDuration(scope: Scope, ms: number): void {
  scope.set('workflow.duration', (ms / 1000).toFixed(6))
}

/** `workflow.failures`: all failed nodes as a JSON list, which is then encoded once more as a JSON string. */
export function setFailures(scope: Scope, workflowName: string, nodes: Iterable<NodeStatus>): void {
  const failures: string[] = []
  for (const node of nodes) {
    if (node.phase === 'Failed' || node.phase === 'Error')
      failures.push(failure(workflowName, node))
  }
  const list = failures.length === 0 ? 'null' : `[${failures.join(',')}]`
  // The quotes of the JSON inside survive its insertion into a string only with one more layer of them.
  scope.set('workflow.failures', quote(list))
}

function failure(workflowName: string, node: NodeStatus): string {
  const templateName = node.templateName ?? node.templateRef?.template ?? ''
  const members = {
    displayName: node.displayName,
    message: node.message ?? '',
    templateName,
    phase: node.phase,
    podName: podName(workflowName, node.name, templateName),
    finishedAt: node.finishedAt ?? null,
  }
  const texts = Object.entries(members).map(([key, value]) => `"${key}":${goJson(value)}`)
  return `{${texts.join(',')}}`
}

/** Makes outputs that have a global name known to the templates that start from now on. */
export function addGlobalOutput(scope: Scope, outputs: Outputs): void {
  for (const { globalName, value } of outputs.parameters ?? []) {
    if (globalName && value !== undefined) {
      scope.set(`workflow.outputs.parameters.${globalName}`, value)
    }
  }
  for (const { globalName, path: _, ...artifact } of outputs.artifacts ?? []) {
    if (!globalName) continue
    scope.setArtifact(`workflow.outputs.artifacts.${globalName}`, { ...artifact, name: globalName })
  }
}

// In the workflow's own status the global name has become the name.
function named(outputs: Outputs | undefined): Outputs {
  const { parameters = [], artifacts = [] } = outputs ?? {}
  return {
    parameters: parameters.map((parameter) => ({ ...parameter, globalName: parameter.name })),
    artifacts: artifacts.map((artifact) => ({ ...artifact, globalName: artifact.name })),
  }
}
