import type { Pod } from '@argosy/engine'
import type { HostFacts } from './downward.ts'
import type { HostLine } from './names/host-lines.ts'
import { isStep } from './names/service-names.ts'
import type { Mount } from './runtime.ts'
import type { World } from './world.ts'

/** Whose file it is, and what it is to say. */
export interface HostsOwner {
  readonly world: World
  readonly pod: Pod
  readonly host: HostFacts
  readonly paths: { readonly hosts: string }
}

/**
 * The pod's own /etc/hosts, when it has names to know beside this machine's. Steps share one: making a file is the dearest
 * thing that a short one would do.
 */
export function hostsMount(
  { world, pod, host, paths }: HostsOwner,
  above: () => string = () => machineHosts(world),
): Mount | undefined {
  const { names, runtime } = world
  const { hostAliases: aliases } = pod.spec
  // A plain process reads the machine's file; the aliases are left to be refused.
  const isWanted = runtime.name !== 'process' && names.concern(pod)
  if (!isWanted && !aliases?.length) return undefined
  if (isStep(pod) && !aliases?.length && runtime.name !== 'docker') {
    const source = names.shared(namespaceOf(pod), above())
    return { source, target: '/etc/hosts', readOnly: true }
  }
  names.write(pod, paths.hosts, { above: above(), own: ownLines(pod, host), aliases })
  return { source: paths.hosts, target: '/etc/hosts', readOnly: false }
}

function namespaceOf({ metadata }: Pod): string {
  return metadata.namespace ?? 'default'
}

function ownLines({ metadata, spec }: Pod, { podIP }: HostFacts): readonly HostLine[] {
  if (spec.hostNetwork === true || podIP === undefined) return []
  const hostname = (spec.hostname ?? metadata.name ?? '').slice(0, 63)
  const { subdomain } = spec as { readonly subdomain?: string }
  const full = subdomain && [`${hostname}.${subdomain}.${metadata.namespace}.svc.cluster.local`]
  return [{ ip: podIP, names: [...(full || []), hostname] }]
}

function machineHosts({ machine }: World): string {
  return machine.textOf('/etc/hosts') ?? '127.0.0.1\tlocalhost\n'
}
