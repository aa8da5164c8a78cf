import { type Position, renderProblem } from '@argosy/kube'

/** Which kind of mistake: in reading, in the text, against the schema, against what Argo checks, or not possible here. */
export type Rule = 'file' | 'yaml' | 'schema' | 'validate' | 'unsupported'

/** What each rule is about, for reports. */
export const rules: Readonly<Record<Rule, string>> = {
  file: 'The file can be read',
  yaml: 'The text is YAML or JSON that Kubernetes reads',
  schema: 'Every field is known and of its type',
  validate: 'Argo Workflows accepts the object',
  unsupported: 'Everything that the object asks for is supported',
}

/** One mistake in one place. */
export interface Finding extends Position {
  readonly rule: Rule
  readonly file: string
  readonly message: string
  readonly expected?: string
  /** Of the field, as `spec.templates[0].name`. */
  readonly path?: string
  readonly object?: { readonly kind: string; readonly name: string }
}

/** As people read it: place, message, the line with a caret. */
export function renderFinding(finding: Finding, text: string): string {
  return renderProblem(finding, text)
}
