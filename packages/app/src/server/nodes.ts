import { join } from 'node:path'
import { type NodeLogs, nodeLogs } from '@argosy/cluster'
import {
  clientCertificate,
  type PodStreams,
  podStreams,
  remoteNodes,
} from '@argosy/cluster/api-server'
import {
  registerMachine,
  startScheduler,
  startTaintEviction,
  watchMachines,
} from '@argosy/operators/built-in'
import type { Embedded } from '../embedded.ts'
import { machineFacts } from './machine-facts.ts'
import { usageOf } from './usage-of.ts'

type Log = (line: string) => void

/** This machine is a node, or pods are given to nodes that are processes of their own. */
export async function keepNodes(
  { client, clock, runtime }: Embedded,
  { log, maxPods }: { readonly log: Log; readonly maxPods: number },
): Promise<AsyncDisposable> {
  const open = new AsyncDisposableStack()
  open.use(startTaintEviction({ client, clock, log }))
  if (runtime) {
    const facts = machineFacts(runtime.name, maxPods)
    open.use(registerMachine({ client, clock, log, facts }))
    return open
  }
  open.use(watchMachines({ client, clock, log }))
  open.use(startScheduler({ client, clock, log }))
  return open
}

/** How servers reach logs and streams of pods, and what is known of their use of the machine. */
interface PodDoors {
  readonly logs: NodeLogs
  readonly streams: PodStreams
  readonly usage: ReturnType<typeof usageOf>
}

/** Here, or at the nodes, which know us by a certificate (docs/decisions/0025-nodes-of-their-own.md). */
export async function podDoors(embedded: Embedded, log: Log): Promise<PodDoors> {
  const { client, clock, dataDir, runtime } = embedded
  if (runtime) {
    return {
      logs: nodeLogs({ client, clock, dataDir }),
      streams: podStreams({ runtime, client, clock, dataDir, log }),
      usage: usageOf(embedded),
    }
  }
  const subject = {
    ...{ file: 'apiserver-kubelet-client', name: 'kube-apiserver-kubelet-client' },
    group: 'system:masters',
  }
  const own = await clientCertificate(join(dataDir, 'pki'), subject, clock.now())
  return { ...remoteNodes({ client, ...own }), usage: undefined }
}
