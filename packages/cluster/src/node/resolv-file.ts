import type { Pod } from '@argosy/engine'
import {
  clusterFirst,
  type DnsConfig,
  parseResolvConf,
  type Resolving,
  resolvConfText,
  withDnsConfig,
} from './dns/resolv-conf.ts'
import type { Mount, Root } from './runtime.ts'
import type { World } from './world.ts'

const path = '/etc/resolv.conf'
const none: Resolving = { nameservers: [], searches: [], options: [] }

/** The pod's own /etc/resolv.conf, when it is another than the machine's. One file for all that have the same. */
export function resolvMount(world: World, pod: Pod, root: Root): Mount | undefined {
  const { dnsConfig } = pod.spec as { readonly dnsConfig?: DnsConfig }
  if (!mayChoose(world)) {
    if (dnsConfig) tellOfNothing(world, pod)
    return undefined
  }
  const base = baseOf(world, pod)
  if (base === undefined && !dnsConfig) return undefined
  const resolving = withDnsConfig(base ?? machineResolving(world), dnsConfig ?? {})
  const source = world.resolvFiles.fileWith(resolvConfText(resolving))
  return { source, target: targetIn(root, world), readOnly: true }
}

/** A plain process has the machine's; an engine of containers makes one of its own. */
function mayChoose({ runtime }: World): boolean {
  return runtime.name !== 'process' && runtime.name !== 'docker'
}

/** Undefined: the machine's. */
function baseOf(world: World, pod: Pod): Resolving | undefined {
  const { nameServer, names } = world
  const { dnsPolicy = 'ClusterFirst', hostNetwork } = pod.spec
  const { namespace = 'default' } = pod.metadata
  if (dnsPolicy === 'None') return none
  // Kubernetes: of pods in the machine's network only those of the other policy mean the cluster.
  const isClusterFirst =
    dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork)
  if (!isClusterFirst || nameServer === undefined || !names.concern(pod)) return undefined
  return clusterFirst(nameServer.host, namespace, machineResolving(world))
}

function machineResolving({ machine }: World): Resolving {
  return parseResolvConf(machine.textOf(path) ?? '')
}

/** On many machines it is a link, whose end is what has to be covered. */
function targetIn({ kind }: Root, { machine }: World): string {
  return kind === 'host' ? machine.endOf(path) : path
}

function tellOfNothing({ events, runtime }: World, pod: Pod): void {
  events.emitOnce(`dnsConfig/${pod.metadata.uid}`, pod, {
    ...{ type: 'Warning', reason: 'DNSConfigIgnored' },
    message: `dnsConfig has no effect with --runtime ${runtime.name}: the pod has the resolver that it finds`,
  })
}
