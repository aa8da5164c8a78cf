import type { Template } from '../spec/workflow.ts'
import { unsupported } from './validate/supported.ts'

const known = new WeakMap<Template, string>()

/** Why the engine cannot run this template without ignoring part of it; '' when it can. */
export function refusalOf(template: Template): string {
  const before = known.get(template)
  if (before !== undefined) return before
  const first = unsupported({ templates: [template] })[0]
  const path = first?.path.replace('spec.templates[0]', `template ${template.name ?? '(inline)'}`)
  const refusal = first === undefined ? '' : `${path}: ${first.message}`
  known.set(template, refusal)
  return refusal
}
