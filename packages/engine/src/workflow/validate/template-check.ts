import type { Json } from '../../spec/json.ts'
import type { Template } from '../../spec/workflow.ts'
import { type Base, type Check, type Place, within } from './check.ts'
import type { Scope } from './variable-scope.ts'
import { checkVariables } from './variables.ts'

/** One template, as called, while its body is being looked at. */
export interface TemplateCheck {
  readonly check: Check
  readonly base: Base
  readonly place: Place
  readonly chain: string
  readonly template: Template
  /** `templates.<name>`, as upstream's messages begin. */
  readonly title: string
  /** What may be used in it; steps and tasks add theirs. */
  readonly scope: Set<string>
}

/** Says that something inside the template is wrong. */
export function complain(of: TemplateCheck, inside: string, text: string): void {
  of.check.report(within(of.place, inside), of.chain, text)
}

/** Reports the tags in a part of the template that cannot be resolved. */
export function resolveTags(
  of: TemplateCheck,
  part: unknown,
  inside: string,
  words: { readonly prefix: string; readonly scope?: Scope },
): void {
  const { check, place, chain } = of
  const { prefix, scope = of.scope } = words
  // Every part of a manifest is JSON.
  checkVariables(part as Json, inside, { check, scope, place, chain, prefix })
}
