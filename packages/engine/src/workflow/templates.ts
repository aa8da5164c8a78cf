import type { Template, TemplateRef, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import type { World } from './world.ts'

/** Where a template stands, and so where the bare names in it are looked up. */
export interface Holder {
  readonly kind: 'local' | 'namespaced' | 'cluster'
  readonly name: string
}

/** How a step, task, hook or the entrypoint names its template. */
export interface TemplateUse {
  readonly template?: string
  readonly templateRef?: TemplateRef
  readonly inline?: Template
}

export interface Resolved {
  /** With the holder's `templateDefaults` merged under it. */
  readonly template: Template
  readonly holder: Holder
  /** For the node: `local/wf`. */
  readonly templateScope: string
}

/** Finds templates, and keeps a copy of every foreign one for the rest of the run. */
export class Templates {
  constructor(_options: {
    readonly workflow: Workflow
    readonly spec: WorkflowSpec
    readonly world: World
  }) {}

  /** Where the workflow's own templates stand. */
  get local(): Holder {
    return { kind: 'local', name: '' }
  }

  /** Templates to write to `status.storedTemplates` that were not there yet; asking empties it. */
  takeNewlyStored(): ReadonlyMap<string, Template> {
    return new Map()
  }

  resolve(
    _holder: Holder,
    _use: TemplateUse,
    _holderName?: string,
  ): Resolved | { readonly problem: string } {
    return { problem: 'being written' }
  }
}
