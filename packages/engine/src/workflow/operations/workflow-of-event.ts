import { marshal } from '../../expr/go-json.ts'
import { evaluateExpression } from '../../expr/tags-expression.ts'
import type { Json } from '../../spec/json.ts'
import type { KubeObject } from '../../spec/meta.ts'
import type { Parameter, Workflow, WorkflowTemplate } from '../../spec/workflow.ts'
import { noCondition } from '../expression.ts'
import type { Refusal } from './refusal.ts'
import { submitFrom } from './submit-from.ts'

type Texts = Readonly<Record<string, string>>

/** Which events start a workflow of which template. */
export interface WorkflowEventBinding extends KubeObject {
  readonly spec: {
    readonly event: { readonly selector: string }
    readonly submit?: {
      readonly workflowTemplateRef: { readonly name: string; readonly clusterScope?: boolean }
      /** Each of them an expression. */
      readonly metadata?: {
        readonly name?: string
        readonly generateName?: string
        readonly labels?: Texts
        readonly annotations?: Texts
      }
      readonly arguments?: {
        readonly parameters?: readonly {
          readonly name: string
          readonly valueFrom?: { readonly event?: string }
        }[]
      }
    }
  }
}

/** What expressions may read of an event. */
export interface ReceivedEvent {
  readonly namespace: string
  readonly discriminator: string
  readonly metadata: Readonly<Record<string, readonly string[]>>
  readonly payload: Json
}

/** Whether a binding is meant by an event. */
export function isEventMeant(
  { spec }: WorkflowEventBinding,
  event: ReceivedEvent,
): { readonly meant: boolean } | Refusal {
  const result = evaluateExpression(spec.event.selector, { ...event })
  const failed = 'failed to evaluate workflow template expression'
  if ('error' in result) return { refused: `${failed}: ${result.error}` }
  if (typeof result.value === 'boolean') return { meant: result.value }
  return { refused: `${failed}: ${noCondition(result.value)}` }
}

/** The workflow that a binding makes of an event, to be created. argo: Operation.dispatch. */
export function workflowOfEvent(
  binding: WorkflowEventBinding,
  template: WorkflowTemplate,
  event: ReceivedEvent,
): { readonly workflow: Workflow } | Refusal {
  const { submit } = binding.spec
  const kind = submit?.workflowTemplateRef.clusterScope
    ? 'ClusterWorkflowTemplate'
    : 'WorkflowTemplate'
  const made = submitFrom({ kind, object: template }, 0)
  const parameters = parametersOf(submit?.arguments?.parameters ?? [], event)
  if ('refused' in parameters) return parameters
  const metadata = metadataOf(submit?.metadata ?? {}, event)
  if ('refused' in metadata) return metadata
  const { workflowMetadata } = template.spec as {
    readonly workflowMetadata?: { readonly labels?: Texts; readonly annotations?: Texts }
  }
  const { labels, annotations, ...names } = metadata
  const noted = { ...workflowMetadata?.annotations, ...annotations }
  const { namespace } = binding.metadata
  return {
    workflow: {
      ...made,
      metadata: {
        ...made.metadata,
        ...names,
        ...(namespace !== undefined && { namespace }),
        labels: {
          ...made.metadata.labels,
          ...workflowMetadata?.labels,
          ...labels,
          'workflows.argoproj.io/workflow-event-binding': binding.metadata.name ?? '',
        },
        ...(Object.keys(noted).length > 0 && { annotations: noted }),
      },
      spec: {
        ...made.spec,
        ...(parameters.list.length > 0 && { arguments: { parameters: parameters.list } }),
      },
    },
  }
}

type Submit = NonNullable<WorkflowEventBinding['spec']['submit']>

function parametersOf(
  wanted: NonNullable<NonNullable<Submit['arguments']>['parameters']>,
  event: ReceivedEvent,
): { readonly list: readonly Parameter[] } | Refusal {
  const list: Parameter[] = []
  for (const { name, valueFrom } of wanted) {
    const what = `workflow template parameter "${name}"`
    if (valueFrom === undefined) return { refused: `malformed ${what}: valueFrom is nil` }
    const result = evaluateExpression(valueFrom.event ?? '', { ...event })
    if ('error' in result) {
      return { refused: `failed to evaluate ${what} expression: ${result.error}` }
    }
    const { value } = result
    list.push({ name, value: typeof value === 'string' ? value : marshal(value) })
  }
  return { list }
}

interface Evaluated {
  readonly name?: string
  readonly generateName?: string
  readonly labels: Texts
  readonly annotations: Texts
}

function metadataOf(
  { name, generateName, labels, annotations }: NonNullable<Submit['metadata']>,
  event: ReceivedEvent,
): Evaluated | Refusal {
  const names: Record<string, string> = {}
  for (const [field, source] of Object.entries({ name, generateName })) {
    if (!source) continue
    const result = textOf(source, field, event)
    if ('refused' in result) return result
    names[field] = result.text
  }
  const own = textsOf(labels, 'label', event)
  if ('refused' in own) return own
  const noted = textsOf(annotations, 'annotation', event)
  if ('refused' in noted) return noted
  return { ...names, labels: own.texts, annotations: noted.texts }
}

function textsOf(
  sources: Texts = {},
  what: string,
  event: ReceivedEvent,
): { readonly texts: Texts } | Refusal {
  const texts: Record<string, string> = {}
  for (const [key, source] of Object.entries(sources)) {
    const result = textOf(source, `${what} "${key}"`, event)
    if ('refused' in result) return result
    texts[key] = result.text
  }
  return { texts }
}

function textOf(
  source: string,
  what: string,
  event: ReceivedEvent,
): { readonly text: string } | Refusal {
  const result = evaluateExpression(source, { ...event })
  if ('error' in result) {
    return { refused: `failed to evaluate workflow ${what} expression: ${result.error}` }
  }
  if (typeof result.value === 'string') return { text: result.value }
  return { refused: `workflow ${what} expression must evaluate to a string` }
}
