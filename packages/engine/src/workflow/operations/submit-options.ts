import type { OwnerReference } from '../../spec/meta.ts'
import type { Artifact, Parameter, Workflow } from '../../spec/workflow.ts'
import { backendOf, withKey } from '../arguments-location.ts'
import type { Refusal } from './refusal.ts'

/** What whoever submits may say beside the manifest. Texts are as upstream's command line and API take them. */
export interface SubmitOptions {
  readonly name?: string
  readonly generateName?: string
  readonly entrypoint?: string
  /** `name=value` each. */
  readonly parameters?: readonly string[]
  /** `name=key` each. */
  readonly artifacts?: readonly string[]
  /** `name=value,name=value`. */
  readonly labels?: string
  readonly annotations?: string
  readonly serviceAccount?: string
  readonly podPriorityClassName?: string
  readonly priority?: number
  readonly ownerReference?: OwnerReference
  /** Checked and given back, not created: for whoever calls. */
  readonly dryRun?: boolean
  readonly serverDryRun?: boolean
}

/** The workflow with what the options say. argo: ApplySubmitOpts. */
export function applySubmitOptions(
  workflow: Workflow,
  options: SubmitOptions,
): { readonly workflow: Workflow } | Refusal {
  const labels = pairs(options.labels, 'labels')
  if ('refused' in labels) return labels
  const annotations = pairs(options.annotations, 'Annotations')
  if ('refused' in annotations) return annotations
  const withParameters = overrideParameters(inSpec(workflow, options), options.parameters)
  if ('refused' in withParameters) return withParameters
  const whole = overrideArtifacts(withParameters.workflow, options.artifacts ?? [])
  if ('refused' in whole) return whole
  const { metadata } = whole.workflow
  const { name, generateName, ownerReference } = options
  return {
    workflow: {
      ...whole.workflow,
      metadata: {
        ...metadata,
        ...merged('labels', metadata.labels, labels.pairs),
        ...merged('annotations', metadata.annotations, annotations.pairs),
        ...(generateName && { generateName }),
        ...(name && { name }),
        ...(ownerReference && {
          ownerReferences: [...(metadata.ownerReferences ?? []), ownerReference],
        }),
      },
    },
  }
}

function inSpec(workflow: Workflow, options: SubmitOptions): Workflow {
  const { entrypoint, serviceAccount, podPriorityClassName, priority } = options
  const spec = {
    ...workflow.spec,
    ...(entrypoint && { entrypoint }),
    ...(serviceAccount && { serviceAccountName: serviceAccount }),
    ...(podPriorityClassName && { podPriorityClassName }),
    ...(priority !== undefined && { priority }),
  }
  return { ...workflow, spec }
}

type Texts = Readonly<Record<string, string>>

function merged(field: 'labels' | 'annotations', before: Texts | undefined, more: Texts) {
  return Object.keys(more).length === 0 ? {} : { [field]: { ...before, ...more } }
}

// argo: cmdutil.ParseLabels.
function pairs(text: string | undefined, what: string): { readonly pairs: Texts } | Refusal {
  const read: Record<string, string> = {}
  if (!text) return { pairs: read }
  const refuse = (why: string): Refusal => ({
    refused: `expected ${what} of the form: NAME1=VALUE2,NAME2=VALUE2. Received: ${text}: ${why}`,
  })
  for (const part of text.split(',')) {
    const [name = '', value, ...rest] = part.split('=')
    if (value === undefined || rest.length > 0) return refuse(`unexpected label spec: ${part}`)
    if (name === '') return refuse('unexpected empty label key')
    read[name] = value
  }
  return { pairs: read }
}

/** Replaces arguments by `name=value` texts; those come first, as given. argo: overrideParameters. */
export function overrideParameters(
  workflow: Workflow,
  overrides: readonly string[] | undefined,
): { readonly workflow: Workflow } | Refusal {
  if (overrides === undefined || overrides.length === 0) return { workflow }
  const given: Parameter[] = []
  for (const text of overrides) {
    const at = text.indexOf('=')
    if (at < 0) {
      return { refused: `expected parameter of the form: NAME=VALUE. Received: ${text}` }
    }
    given.push({ name: text.slice(0, at), value: text.slice(at + 1) })
  }
  const names = new Set(given.map(({ name }) => name))
  const kept = (workflow.spec.arguments?.parameters ?? []).filter(({ name }) => !names.has(name))
  const parameters = [...given, ...kept]
  return { workflow: withArguments(workflow, () => ({ parameters })) }
}

function overrideArtifacts(
  workflow: Workflow,
  overrides: readonly string[],
): { readonly workflow: Workflow } | Refusal {
  if (overrides.length === 0) return { workflow }
  const keys = new Map<string, string>()
  for (const text of overrides) {
    const at = text.indexOf('=')
    if (at <= 0 || at === text.length - 1) {
      return { refused: `expected artifact of the form: NAME=KEY. Received: ${text}` }
    }
    keys.set(text.slice(0, at), text.slice(at + 1))
  }
  const { arguments: own, workflowTemplateRef } = workflow.spec
  const all = [own, workflow.status?.storedWorkflowTemplateSpec?.arguments].flatMap(
    (args) => args?.artifacts ?? [],
  )
  const locked = all.find((one) => keys.has(one.name) && withKey(one, '') === undefined)
  if (locked !== undefined) {
    const why = `cannot set key on ${backendOf(locked) ?? 'an'} artifact`
    return { refused: `failed to set key for artifact ${locked.name}: key unsupported: ${why}` }
  }
  const unused = [...keys.keys()].filter((name) => !all.some((one) => one.name === name)).sort()
  // The artifacts of a workflowTemplateRef stand in the template.
  if (unused.length > 0 && workflowTemplateRef === undefined) {
    return { refused: `artifact override(s) matched no artifact: ${unused.join(', ')}` }
  }
  const replaced = (artifact: Artifact): Artifact => {
    const key = keys.get(artifact.name)
    return key === undefined ? artifact : (withKey(artifact, key) ?? artifact)
  }
  return {
    workflow: withArguments(workflow, (args) =>
      args?.artifacts === undefined ? {} : { artifacts: args.artifacts.map(replaced) },
    ),
  }
}

type Change = (args: Workflow['spec']['arguments']) => Workflow['spec']['arguments']

/** Both in the spec and in what was frozen of it. */
function withArguments(workflow: Workflow, change: Change): Workflow {
  const { spec, status } = workflow
  const frozen = status?.storedWorkflowTemplateSpec
  return {
    ...workflow,
    spec: { ...spec, arguments: { ...spec.arguments, ...change(spec.arguments) } },
    ...(frozen !== undefined && {
      status: {
        ...status,
        storedWorkflowTemplateSpec: {
          ...frozen,
          arguments: { ...frozen.arguments, ...change(frozen.arguments) },
        },
      },
    }),
  }
}
