import { jsonMistake } from '../expr/go-json-mistake.ts'
import { escapeHtml, goJson, parseJson } from '../expr/tags-go-json.ts'
import type { NodeStatus } from '../spec/status.ts'
import type { Parameter, Template } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

/**
 * Lets templates see a node as `prefix` (`steps.a`): its times, phase and outputs.
 * For a retried node give the last attempt; for a loop the group's node, besides `addLoopToScope`.
 */
export function addNodeToScope(scope: Scope, prefix: string, node: NodeStatus): void {
  const { id, startedAt, finishedAt, podIP: ip, phase: status, hostNodeName, outputs } = node
  const exitCode = outputs?.exitCode
  const facts = { id, startedAt, finishedAt, ip, status, hostNodeName, exitCode }
  for (const [name, value] of Object.entries(facts)) {
    if (value) scope.set(`${prefix}.${name}`, value)
  }
  if (outputs?.result !== undefined) scope.set(`${prefix}.outputs.result`, outputs.result)
  for (const { name, value } of outputs?.parameters ?? []) {
    if (value !== undefined) scope.set(`${prefix}.outputs.parameters.${name}`, value)
  }
  for (const artifact of outputs?.artifacts ?? []) {
    scope.setArtifact(`${prefix}.outputs.artifacts.${artifact.name}`, artifact)
  }
}

/**
 * Lets templates see the outputs of a loop's items as lists; `children` in order of their index.
 * The problem is a result that is no JSON.
 */
export function addLoopToScope(
  scope: Scope,
  prefix: string,
  children: readonly NodeStatus[],
): { readonly problem: string } | undefined {
  if (children.length === 0) return undefined
  const given = children.filter(counts).map(({ outputs }) => outputs ?? {})
  const results = given.flatMap(({ result }) => (result === undefined ? [] : [result]))
  const compact = results.map(compactJson)
  const bad = compact.indexOf(undefined)
  if (bad >= 0) return { problem: jsonMistake(results[bad] ?? '') }
  scope.set(`${prefix}.outputs.result`, `[${compact.join(',')}]`)

  const parameters = given.flatMap((outputs) =>
    outputs.parameters?.length ? [outputs.parameters] : [],
  )
  scope.set(`${prefix}.outputs.parameters`, `[${parameters.map(parameterMap).join(',')}]`)
  const lists = new Map<string, string[]>()
  for (const { name, value } of parameters.flat()) append(lists, name, value ?? '')
  for (const [name, values] of lists) {
    scope.set(`${prefix}.outputs.parameters.${name}`, valueList(values))
  }
  return undefined
}

/** What is wrong with the first result of a loop's items that is no JSON. */
export function unreadableResult(children: Iterable<NodeStatus>): string | undefined {
  for (const child of children) {
    const { result } = child.outputs ?? {}
    if (result !== undefined && counts(child) && parseJson(result) === undefined) {
      return jsonMistake(result)
    }
  }
  return undefined
}

function counts({ phase, outputs, nodeFlag }: NodeStatus): boolean {
  return phase === 'Succeeded' && outputs !== undefined && !nodeFlag?.hooked && !nodeFlag?.retried
}

function parameterMap(parameters: readonly Parameter[]): string {
  return goJson(Object.fromEntries(parameters.map(({ name, value }) => [name, value ?? ''])))
}

function append(lists: Map<string, string[]>, name: string, value: string): void {
  const list = lists.get(name)
  if (list) list.push(value)
  else lists.set(name, [value])
}

// Values are lists and maps only when every one of them is.
function valueList(values: readonly string[]): string {
  const parsed = values.map(parseJson)
  const nested = parsed.every((value) => typeof value === 'object' && value !== null)
  return goJson(nested ? parsed : values)
}

/** JSON text without white space between its tokens; numbers stay as they are written. */
function compactJson(text: string): string | undefined {
  if (parseJson(text) === undefined) return undefined
  const compact = text.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1')
  return escapeHtml(compact)
}

/** A node that did not run, and that nobody has given outputs either, as those of an earlier run are to a memoized one. */
export function gaveNothing({ phase, outputs }: Pick<NodeStatus, 'phase' | 'outputs'>): boolean {
  return (phase === 'Skipped' || phase === 'Omitted') && outputs === undefined
}

/** Outputs that a step has declared and not written are empty to its hooks. argo: resolveExitTmplArgument. */
export function addUnwrittenToScope(scope: Scope, prefix: string, { outputs }: NodeStatus): void {
  for (const { name, value } of outputs?.parameters ?? []) {
    if (value === undefined) scope.set(`${prefix}.outputs.parameters.${name}`, '')
  }
}

/** Lets templates see what a skipped or omitted node would have given: defaults, or absence. */
export function addSkippedToScope(
  scope: Scope,
  prefix: string,
  { outputs }: Template,
  options: {
    /** Steps know the artifacts of skipped steps as empty ones; DAGs do not know them. */
    readonly artifacts: boolean
  },
): void {
  for (const { name, valueFrom } of outputs?.parameters ?? []) {
    scope.set(`${prefix}.outputs.parameters.${name}`, valueFrom?.default ?? null)
  }
  for (const { name } of options.artifacts ? (outputs?.artifacts ?? []) : []) {
    scope.setArtifact(`${prefix}.outputs.artifacts.${name}`, null)
  }
  if (outputs?.result !== undefined) scope.set(`${prefix}.outputs.result`, null)
}
