import { isObject, type Json } from '../../spec/json.ts'
import type { Invocation, Template } from '../../spec/workflow.ts'
import type { Check } from './check.ts'
import { isParameter } from './names.ts'
import { kindsOf } from './template-kind.ts'
import { anyItem, anyOutputArtifact, anyOutputParameter } from './variables.ts'

/** What a step or task leaves for those after it. */
export interface Producer {
  readonly family: 'steps' | 'tasks'
  readonly name: string
  /** What it runs, if that is known. */
  readonly template: Template | undefined
  /** It loops, so its outputs are lists. */
  readonly isLoop: boolean
  /** It is surely behind us, so its status is known too. */
  readonly isAncestor: boolean
}

/** Adds the variables of a finished step or task to a scope, and its global outputs to everyone's. */
export function addOutputs(producer: Producer, scope: Set<string>, check: Check): void {
  const { family, name, template, isLoop, isAncestor } = producer
  const node = `${family}.${name}`
  for (const field of ['id', 'startedAt', 'finishedAt', 'hostNodeName'])
    scope.add(`${node}.${field}`)
  if (!template) return
  if (template.daemon) scope.add(`${node}.ip`)
  if (hasResult(template)) addResult(node, scope)
  addNamed(template, 'parameters', node, { scope, check })
  addNamed(template, 'artifacts', node, { scope, check })
  if (isLoop) {
    scope.add(`${node}.outputs.parameters`)
    if (template.script || template.containerSet) addResult(node, scope)
  }
  if (isAncestor) scope.add(`${node}.status`)
}

function addResult(node: string, scope: Set<string>): void {
  scope.add(`${node}.outputs.result`)
  scope.add(`${node}.exitCode`)
}

function hasResult(template: Template): boolean {
  if (template.containerSet) {
    const { containers } = template.containerSet
    if (Array.isArray(containers) && containers.some(({ name }) => name === 'main')) return true
  }
  const withResult = ['container', 'script', 'data', 'http', 'plugin'] as const
  return withResult.some((kind) => kindsOf(template).includes(kind))
}

function addNamed(
  template: Template,
  field: 'parameters' | 'artifacts',
  node: string,
  { scope, check }: { scope: Set<string>; check: Check },
): void {
  for (const { name, globalName } of template.outputs?.[field] ?? []) {
    scope.add(`${node}.outputs.${field}.${name}`)
    if (!globalName) continue
    if (isParameter(globalName)) {
      scope.add(field === 'parameters' ? anyOutputParameter : anyOutputArtifact)
    } else {
      scope.add(`workflow.outputs.${field}.${globalName}`)
      check.globals.set(`workflow.outputs.${field}.${globalName}`, check.placeholder())
    }
  }
}

/** Adds what a loop's items are called; says what is wrong with the loop. */
export function addItems(node: Invocation, scope: Set<string>): string | undefined {
  const { withItems = [], withParam, withSequence } = node
  const loops = [withItems.length > 0, Boolean(withParam), withSequence !== undefined]
  if (loops.filter(Boolean).length > 1) {
    return 'only one of withItems, withParam, withSequence can be specified'
  }
  for (const item of withItems) addItem(item, scope)
  if (withParam) scope.add('item').add(anyItem)
  if (withSequence) {
    if (withSequence.count !== undefined && withSequence.end !== undefined) {
      return 'only one of count or end can be defined in withSequence'
    }
    scope.add('item')
  }
  return undefined
}

function addItem(item: Json, scope: Set<string>): void {
  if (Array.isArray(item)) {
    for (const index of item.keys()) scope.add(`item.[${index}]`)
  } else if (isObject(item)) {
    for (const key of Object.keys(item)) scope.add(`item.${key}`)
  } else {
    scope.add('item')
  }
}

export function isLoop({ withItems, withParam }: Invocation): boolean {
  return (withItems?.length ?? 0) > 0 || Boolean(withParam)
}

export function hasExitHook({ hooks, onExit }: Invocation): boolean {
  return Boolean(onExit) || hooks?.['exit'] !== undefined
}

/** The inputs that an inline template declares may also be used by the step or task around it. */
export function inlineInputs({ inline }: Invocation): string[] {
  return (inline?.inputs?.parameters ?? []).map(({ name }) => `inputs.parameters.${name}`)
}
