import type { DriversFor } from '@argosy/executor'
import type { Client, Clock } from '@argosy/kube'
import type { Archive } from './archive/archive.ts'
import type { Authorize } from './auth/identity.ts'
import type { PodLogs } from './workflows/pod-logs.ts'
import type { LogSearch } from './workflows/search/log-search.ts'

/** What the endpoints share, whoever asks. */
export interface World {
  /** The server's own: for what everybody may know, as templates that a manifest names. */
  readonly client: Client
  readonly clock: Clock
  readonly authorize: Authorize
  /** Without it nothing is known of what is gone. */
  readonly archive?: Archive
  /** How artifacts are reached; without it they are not. */
  readonly drivers?: DriversFor
  /** Without it there are no logs. */
  readonly logs?: PodLogs
  /** Who searches large logs; without it the event loop does. */
  readonly logSearch?: LogSearch
  /** The only namespace that this server is for; default: all. */
  readonly managedNamespace?: string
  /** Which links of the ConfigMap pages may show; default: http and https. */
  readonly linkProtocols?: readonly string[]
  /** Ours, as 1.2.3. */
  readonly version: string
  /** What should not have happened, one line each. */
  readonly log: (line: string) => void
}
