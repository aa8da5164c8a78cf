import type { PatchOp } from '../spec/json.ts'
import type { KubeObject } from '../spec/meta.ts'
import type { Pod } from '../spec/pod.ts'
import type { WorkflowTaskResult } from '../spec/status.ts'
import type { Workflow } from '../spec/workflow.ts'
import type { Dependent, DependentRef } from './dependents.ts'
import type { MetricEffect } from './metrics.ts'

/** Something that happened in the world since the last pass. Order within one pass does not matter for the result. */
export type Change =
  /** Somebody else wrote the Workflow: suspended, shut down, relabelled it, or wrote its status. */
  | { readonly kind: 'workflow'; readonly workflow: Workflow }
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'podGone'; readonly name: string }
  | { readonly kind: 'result'; readonly result: WorkflowTaskResult }
  /** What `ensure` asked for cannot be had: nothing of that decision has happened. */
  | { readonly kind: 'unmade'; readonly object: KubeObject; readonly message: string }
  /** A template or ConfigMap that somebody may wait for has changed. */
  | { readonly kind: 'world' }
  /** These holders have been given the locks that they waited for; limits may have changed. */
  | { readonly kind: 'locks'; readonly granted: readonly string[]; readonly limits?: boolean }

/**
 * What should be true next. Acting on it twice is harmless: pod names derive from node ids, so a pod that is
 * there already is the right one. `ops` must not be written before the pods of earlier decisions were submitted.
 */
export interface Decision {
  /** Objects that must be there before anything else of this decision happens; absent when there are none. */
  readonly ensure?: readonly Dependent[]
  /** Objects that the workflow, which has ended, needs no longer. */
  readonly remove?: readonly DependentRef[]
  /** For the Workflow object: metadata and status. Empty when nothing changed. */
  readonly ops: readonly PatchOp[]
  readonly create: readonly Pod[]
  readonly stop: readonly PodStop[]
  /** Pods whose nodes are over: they get the label `completed=true`, after which they may be collected. */
  readonly release: readonly string[]
  /** Entries of the caches of memoized outputs. */
  readonly remember?: readonly CacheWrite[]
  /** Locks have been taken: `ops` must be written before any of the pods is created. */
  readonly locked?: boolean
  /** Who gives back the locks that he holds or waits for: free for others once `ops` is written. */
  readonly unlock?: readonly string[]
  /** Changes of custom metrics; absent when there are none. They count when the rest is written. */
  readonly metrics?: readonly MetricEffect[]
  /** Look again at this time (milliseconds), even when nothing changes until then. */
  readonly wakeAt: number | undefined
  /** The workflow has ended; nothing will ever be decided again. */
  readonly done: boolean
}

/** An entry of a ConfigMap in which memoized outputs are kept. */
export interface CacheWrite {
  readonly cache: string
  readonly key: string
  readonly text: string
}

/** `deadline`: end the containers, keep the object (activeDeadlineSeconds is lowered). `delete`: remove the pod. */
export interface PodStop {
  readonly name: string
  readonly mode: 'deadline' | 'delete'
}
