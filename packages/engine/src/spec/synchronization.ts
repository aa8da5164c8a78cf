/** The locks that a workflow or a template needs, all at once, before it may begin. */
export interface Synchronization {
  readonly mutexes?: readonly Mutex[]
  readonly semaphores?: readonly SemaphoreRef[]
}

export interface Mutex {
  readonly name?: string
  /** The workflow's own, unless told. */
  readonly namespace?: string
  readonly database?: boolean
}

export interface SemaphoreRef {
  readonly configMapKeyRef?: { readonly name?: string; readonly key: string }
  /** Where the ConfigMap is: the workflow's own namespace, unless told. */
  readonly namespace?: string
  readonly database?: { readonly key: string }
}

/** Workflow.status.synchronization: what the workflow holds, and who holds what it waits for. */
export interface SynchronizationStatus {
  readonly semaphore?: {
    readonly holding?: readonly SemaphoreHolding[]
    readonly waiting?: readonly SemaphoreHolding[]
  }
  readonly mutex?: {
    readonly holding?: readonly MutexHolding[]
    readonly waiting?: readonly MutexHolding[]
  }
}

export interface SemaphoreHolding {
  readonly semaphore: string
  readonly holders?: readonly string[]
}

export interface MutexHolding {
  readonly mutex: string
  readonly holder?: string
}

/** Memoizing a template's outputs. */
export interface Memoize {
  readonly key?: string
  readonly cache?: { readonly configMap?: { readonly name?: string } }
  /** A Go duration; an older entry counts as none. */
  readonly maxAge?: string
}

export interface MemoizationStatus {
  readonly hit: boolean
  readonly key: string
  readonly cacheName: string
}
