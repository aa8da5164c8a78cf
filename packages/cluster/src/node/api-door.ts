import type { Pod } from '@argosy/engine'

/** How programs in pods reach the Kubernetes API, and as whom. Without it they cannot. */
export interface ApiDoor {
  /** What every container finds in its environment: where the API is. */
  readonly env: Readonly<Record<string, string>>
  /** A token of the pod's ServiceAccount. Throws `StatusError` when there can be none. */
  readonly token: (
    pod: Pod,
    wish: { readonly audience?: string; readonly seconds: number },
  ) => Promise<string>
}
