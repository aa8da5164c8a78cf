import type { DriversFor } from '@argosy/executor'
import type { Client, Clock } from '@argosy/kube'
import type { Addresses } from './addresses.ts'
import type { Admission } from './admission.ts'
import type { ApiDoor } from './api-door.ts'
import type { ApiRelay } from './api-relay.ts'
import type { Claims } from './claims.ts'
import type { Console } from './console.ts'
import type { NameServer } from './dns/name-server.ts'
import type { HostFacts } from './downward.ts'
import type { Events } from './events.ts'
import type { ImageMap } from './image-map.ts'
import type { Layout } from './layout.ts'
import type { MachineFiles } from './machine-files.ts'
import type { ServiceNames } from './names/service-names.ts'
import type { ProgressWatch } from './progress-watch.ts'
import type { ResolvFiles } from './resolv-files.ts'
import type { Mount, Runtime } from './runtime.ts'
import type { StatusWriter } from './status-writer.ts'

/** What every pod's worker is given. */
export interface World {
  readonly client: Client
  readonly runtime: Runtime
  readonly clock: Clock
  readonly dataDir: string
  readonly layout: Layout
  readonly images: ImageMap
  readonly claims: Claims
  readonly drivers: DriversFor
  readonly events: Events
  readonly statuses: StatusWriter
  readonly admission: Admission
  readonly addresses: Addresses
  readonly names: ServiceNames
  readonly machine: MachineFiles
  readonly resolvFiles: ResolvFiles
  /** What answers for the cluster's names, where that may be. */
  readonly nameServer: NameServer | undefined
  readonly progress: ProgressWatch
  /** Programs that somebody may attach to, by their containers' directories. */
  readonly consoles: Map<string, Console>
  readonly host: HostFacts
  readonly api: ApiDoor | undefined
  /** The way to it from networks that pods have of their own, when there has to be one. */
  readonly relay: ApiRelay | undefined
  /** What containers with this machine's files do not see of them. */
  readonly hidden: readonly Mount[]
  /** Told of what keeps pods waiting though nobody meant it to. */
  readonly warn: (error: unknown) => void
  /** Aborts when the node goes away; what runs keeps running. */
  readonly signal: AbortSignal
  /** Files of ended pods that are being removed: the node's own end waits for them. */
  readonly closing: Set<Promise<void>>
}
