import type { Json } from '../spec/json.ts'
import type { Workflow, WorkflowTemplate } from '../spec/workflow.ts'
import type { Repositories } from './artifact-repository.ts'
import type { LockDoor } from './locks/lock-door.ts'
import type { CacheMap } from './memo/cache-entry.ts'

/** What a run may look up, synchronously, from caches that its owner keeps. */
export interface World {
  template(ref: {
    readonly name: string
    readonly clusterScope: boolean
  }): WorkflowTemplate | undefined
  configMap(
    name: string,
    namespace: string,
  ):
    | {
        readonly data?: Readonly<Record<string, string>>
        readonly labels?: Readonly<Record<string, string>>
      }
    | undefined
  /** Reads what a manifest holds as text (a podSpecPatch): YAML of one document. Without it only JSON is understood. */
  readonly parseYaml?: (text: string) => { readonly value: Json } | { readonly problem: string }
  /** Whether a text is YAML; without it resource manifests are not looked into. */
  readonly isYaml?: (text: string) => boolean
  /** The last workflow of the same origin that succeeded: by it is estimated how long things take. */
  readonly baseline?: Workflow
  /** Without it there is only this machine's disk. */
  readonly repositories?: Repositories
  /** A ConfigMap that memoized outputs are kept in, with what was put in a moment ago. */
  readonly cache?: (name: string) => CacheMap | undefined
  /** The locks that all workflows share; none where nothing runs. */
  readonly locks?: LockDoor
}
