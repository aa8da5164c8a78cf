import { sprintf } from '../expr/go-format.ts'
import { quote } from '../expr/go-quote.ts'
import { evaluateExpression } from '../expr/tags-expression.ts'
import { labelNameProblem, labelValueProblem } from '../spec/label.ts'
import type { WorkflowMetadata, WorkflowSpec } from '../spec/workflow.ts'
import type { Scope } from './scope.ts'

type Texts = Readonly<Record<string, string>>

/** The labels and annotations that a workflow gives itself (`workflowMetadata`). argo: updateWorkflowMetadata. */
export function ownMetadata(
  { workflowMetadata = {} }: WorkflowSpec,
  globals: Scope,
): { readonly labels: Texts; readonly annotations: Texts } | { readonly problem: string } {
  const { labels = {}, annotations = {}, labelsFrom = {} } = workflowMetadata
  const problem = nameProblem(workflowMetadata) ?? valueProblem(labels)
  if (problem !== undefined) return { problem }
  const known = globals.child()
  for (const [name, value] of Object.entries(annotations)) {
    known.set(`workflow.annotations.${name}`, value)
  }
  for (const [name, value] of Object.entries(labels)) known.set(`workflow.labels.${name}`, value)
  const environment = known.environment()
  const all: Record<string, string> = { ...labels }
  for (const [name, { expression }] of Object.entries(labelsFrom)) {
    const made = labelFrom(environment, name, expression)
    if ('problem' in made) return made
    all[name] = made.text
  }
  return { labels: all, annotations }
}

/** Written as it stands the object could never be saved again. */
function nameProblem({ labels, annotations, labelsFrom }: WorkflowMetadata): string | undefined {
  const named = { label: { ...labels, ...labelsFrom }, annotation: { ...annotations } }
  for (const [kind, names] of Object.entries(named)) {
    for (const name of Object.keys(names)) {
      const problem = labelNameProblem(kind === 'label' ? name : name.toLowerCase())
      if (problem !== undefined) return `invalid ${kind} name ${quote(name)}: ${problem}`
    }
  }
  return undefined
}

function valueProblem(labels: Texts): string | undefined {
  for (const [name, value] of Object.entries(labels)) {
    const problem = labelValueProblem(value)
    if (problem !== undefined) {
      return `invalid label value ${quote(value)} for label ${quote(name)}: ${problem}`
    }
  }
  return undefined
}

function labelFrom(
  environment: Record<string, unknown>,
  name: string,
  expression: string,
): { readonly text: string } | { readonly problem: string } {
  const of = `label ${quote(name)} expression ${quote(expression)}`
  const result = evaluateExpression(expression, environment)
  if ('error' in result) return { problem: `failed to evaluate ${of}: ${result.error}` }
  const { value } = result
  if (typeof value !== 'string') {
    const kind = sprintf('%T', value)
    return { problem: `failed to evaluate ${of} evaluted to ${kind} but must be a string` }
  }
  const problem = labelValueProblem(value)
  if (problem === undefined) return { text: value }
  const which = `for label ${quote(name)} and expression ${quote(expression)}`
  return { problem: `invalid label value ${quote(value)} ${which}: ${problem}` }
}
