import { isObject, type Json } from '../../spec/json.ts'
import { nearestPath } from '../../spec/parse/nearest.ts'
import { fieldPath } from '../../spec/parse/shape.ts'
import type { Check, Place } from './check.ts'
import { checkExpression } from './expression-variables.ts'
import { isExpression, tagsIn } from './tags.ts'
import type { Scope } from './variable-scope.ts'

/** In a scope: any `item.…` goes, because the items are only known at run time. */
export const anyItem = 'item.*'
export const anyOutputParameter = 'workflow.outputs.parameters.*'
export const anyOutputArtifact = 'workflow.outputs.artifacts.*'

/** Tags with another beginning are the user's own business. */
const roots = ['item.', 'steps.', 'inputs.', 'outputs.', 'pod.', 'workflow.', 'tasks.']

/** Always let through: the step's own outputs, and what only a run can tell. */
const tolerated = [
  'outputs.',
  'workflow.creationTimestamp',
  'workflow.scheduledTime',
  'workflow.duration',
  'tasks.name',
  'steps.name',
  'node.name',
]

/** What the tags of one part of the manifest are held against. */
export interface VariableCheck {
  readonly check: Check
  readonly scope: Scope
  readonly place: Place
  readonly chain: string
  /** What upstream writes between the chain and "failed to resolve". */
  readonly prefix: string
}

/** Reports every tag in `value` that nothing will ever give a value. */
export function checkVariables(value: Json, inside: string, against: VariableCheck): void {
  if (typeof value === 'string') {
    checkText(value, inside, against)
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      checkVariables(item, `${inside}[${index}]`, against)
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const at = inside + fieldPath('.', key).slice(1)
      checkText(key, at, against)
      if (item !== undefined) checkVariables(item, at, against)
    }
  }
}

function checkText(text: string, inside: string, against: VariableCheck): void {
  if (!text.includes('{{')) return
  const { check, scope, place, chain, prefix } = against
  const path = place.foreign ? place.path : `${place.path}${inside}`
  for (const tag of tagsIn(text)) {
    if (isExpression(tag)) {
      checkExpression(tag.slice(1), check, scope, (name, candidates) => {
        const text = `${prefix}failed to resolve ${name} in {{${tag}}}${hint(name, candidates)}`
        check.report(path, chain, text, `{{${tag}}}`)
      })
    } else if (!isKnown(tag.trim(), scope, check)) {
      const near = hint(tag.trim(), [...scope.keys(), ...check.globals.keys()])
      check.report(path, chain, `${prefix}failed to resolve {{${tag}}}${near}`, `{{${tag}}}`)
    }
  }
}

function isKnown(name: string, scope: Scope, check: Check): boolean {
  if (!roots.some((root) => name.startsWith(root))) return true
  if (scope.has(name) || check.globals.has(name)) return true
  if (tolerated.some((start) => name.startsWith(start))) return true
  return (
    isOpenEnded(name, scope) ||
    (check.mode === 'template' && name.startsWith('workflow.parameters'))
  )
}

function isOpenEnded(name: string, scope: Scope): boolean {
  if (name.startsWith('item.')) return scope.has(anyItem)
  if (name.startsWith('workflow.outputs.parameters.')) return scope.has(anyOutputParameter)
  return name.startsWith('workflow.outputs.artifacts.') && scope.has(anyOutputArtifact)
}

function hint(name: string, known: readonly string[]): string {
  const near = nearestPath(
    name,
    known.filter((each) => !each.endsWith('*')),
  )
  return near === undefined ? '' : `; did you mean "${near}"?`
}
