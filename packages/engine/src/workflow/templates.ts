import type { Template, TemplateRef, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import { withDefaults, withPodMetadata } from './templates-merge.ts'
import { isTyped } from './templates-type.ts'
import { typedSpec } from './typed.ts'
import type { World } from './world.ts'

/** Where a template stands, and so where the bare names in it are looked up. */
export interface Holder {
  readonly kind: 'local' | 'namespaced' | 'cluster'
  readonly name: string
}

/** How a step, task, hook or the entrypoint names its template. */
export interface TemplateUse {
  readonly template?: string | undefined
  readonly templateRef?: TemplateRef | undefined
  readonly inline?: Template | undefined
}

export interface Resolved {
  /** With the workflow's `templateDefaults` merged under it. */
  readonly template: Template
  /** Where the bare names in the template are looked up. */
  readonly holder: Holder
}

export interface StoredTemplate {
  readonly key: string
  readonly template: Template
}

/** The text by which a node says where its template was looked up: `local/wf`. */
export function templateScopeOf(holder: Holder): string {
  return `${holder.kind}/${holder.name}`
}

/**
 * Finds templates, and keeps a copy of every foreign one: edits do not reach a workflow that runs.
 *
 * 1. What is stored under a key wins over everything else.
 * 2. Templates of the workflow itself are never stored.
 */
export class Templates {
  readonly #workflow: Workflow
  readonly #spec: WorkflowSpec
  readonly #world: World
  readonly #own = new Map<string, Template>()
  readonly #stored = new Map<string, Template>()
  readonly #ready = new WeakMap<Template, Template>()
  #newlyStored: StoredTemplate[] = []

  constructor(options: {
    readonly workflow: Workflow
    readonly spec: WorkflowSpec
    readonly world: World
  }) {
    this.#workflow = options.workflow
    this.#spec = options.spec
    this.#world = options.world
    const { storedTemplates = {}, storedWorkflowTemplateSpec } = options.workflow.status ?? {}
    for (const [key, template] of Object.entries(storedTemplates)) this.#stored.set(key, template)
    const own = [
      ...(options.spec.templates ?? []),
      ...(storedWorkflowTemplateSpec?.templates ?? []),
    ]
    for (const template of own) {
      const { name } = template
      if (name !== undefined && !this.#own.has(name)) this.#own.set(name, template)
    }
  }

  /** Where the workflow's own templates stand. */
  get local(): Holder {
    const { metadata, spec } = this.#workflow
    // argo: what is run of a stored template is a workflow without a name.
    return { kind: 'local', name: spec.workflowTemplateRef ? '' : (metadata.name ?? '') }
  }

  /** Templates of other objects that have been used so far. */
  used(): Iterable<Template> {
    return this.#stored.values()
  }

  /** What `status.storedTemplates` lacks since the last call. */
  takeNewlyStored(): readonly StoredTemplate[] {
    const taken = this.#newlyStored
    this.#newlyStored = []
    return taken
  }

  /** The template that a use in `holder` names; `holderName` is the name of the step or task. */
  resolve(
    holder: Holder,
    use: TemplateUse,
    holderName = '',
  ): Resolved | { readonly problem: string } {
    const inner = holderOf(holder, use)
    const key = storageKey(holder, use, holderName)
    const found = (key && this.#stored.get(key)) || this.#find(holder, use)
    if ('problem' in found) return found as { readonly problem: string }
    const template = found as Template
    if (!isTyped(template)) {
      return { problem: `template '${template.name ?? ''}' type is unknown` }
    }
    if (key && !this.#stored.has(key)) this.#store(key, template)
    if (inner.kind !== 'local') this.#storeInlines(inner, template)
    return { template: this.#withDefaults(template), holder: inner }
  }

  #find(holder: Holder, use: TemplateUse): Template | { readonly problem: string } {
    const { template: name, templateRef: ref, inline } = use
    if (inline !== undefined) return inline
    if (ref !== undefined) return this.#findForeign(holderOf(holder, use), ref.template ?? '')
    if (!name) return { problem: 'failed to get a template' }
    if (holder.kind !== 'local') return this.#findInHolder(holder, name)
    const found = this.#own.get(name) ?? this.#storedByName(name)
    return found ?? { problem: `template ${name} not found` }
  }

  #findForeign(holder: Holder, name: string): Template | { readonly problem: string } {
    const typed = this.#specOf(holder)
    if (typed === undefined) return { problem: `workflow template ${holder.name} not found` }
    const { spec, problem } = typed
    if (problem !== undefined) return { problem: `workflow template ${holder.name}: ${problem}` }
    const found = spec.templates?.find((template) => template.name === name)
    return found === undefined
      ? { problem: `template ${name} not found in workflow template ${holder.name}` }
      : withPodMetadata(found, spec.podMetadata)
  }

  #findInHolder(holder: Holder, name: string): Template | { readonly problem: string } {
    const spec = this.#specOf(holder)?.spec
    const found = spec?.templates?.find((template) => template.name === name)
    return found === undefined
      ? { problem: `template ${name} not found` }
      : withPodMetadata(found, spec?.podMetadata)
  }

  #specOf(holder: Holder): ReturnType<typeof typedSpec> | undefined {
    const clusterScope = holder.kind === 'cluster'
    const found = this.#world.template({ name: holder.name, clusterScope })
    return found && typedSpec(found.spec)
  }

  #storedByName(name: string): Template | undefined {
    for (const template of this.#stored.values()) if (template.name === name) return template
    return undefined
  }

  #store(key: string, template: Template): void {
    this.#stored.set(key, template)
    this.#newlyStored.push({ key, template })
  }

  // argo: SetStoredInlineTemplate. The bodies inside of a foreign template are kept with it.
  #storeInlines(holder: Holder, template: Template): void {
    const invocations = template.steps?.flat() ?? template.dag?.tasks ?? []
    for (const { name, inline, templateRef } of invocations) {
      if (inline === undefined || templateRef !== undefined) continue
      const key = `${templateScopeOf(holder)}/inline/${name}`
      if (!this.#stored.has(key)) this.#store(key, inline)
    }
  }

  #withDefaults(template: Template): Template {
    const { templateDefaults } = this.#spec
    if (templateDefaults === undefined) return template
    const known = this.#ready.get(template)
    if (known !== undefined) return known
    const merged = withDefaults(template, templateDefaults)
    this.#ready.set(template, merged)
    return merged
  }
}

function holderOf(holder: Holder, use: TemplateUse): Holder {
  const ref = use.templateRef
  if (ref === undefined || use.inline !== undefined) return holder
  return { kind: ref.clusterScope ? 'cluster' : 'namespaced', name: ref.name ?? '' }
}

function storageKey(holder: Holder, use: TemplateUse, holderName: string): string | undefined {
  const ref = use.templateRef
  if (ref !== undefined) return `${templateScopeOf(holderOf(holder, use))}/${ref.template ?? ''}`
  if (holder.kind === 'local') return undefined
  const name = use.inline === undefined ? (use.template ?? '') : `inline/${holderName}`
  return `${templateScopeOf(holder)}/${name}`
}
