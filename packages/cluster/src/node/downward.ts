import type { Container, JsonObject, Pod } from '@argosy/engine'
import { parseQuantity } from '@argosy/kube/placement'
import { Refusal } from './refusal.ts'

/** What this machine adds to what the pod says of itself. */
export interface HostFacts {
  readonly nodeName: string
  readonly hostIP: string
  /** The pod's own; default: the machine's. */
  readonly podIP?: string
  readonly allocatable: Readonly<Record<string, number>>
}

/** The value of a `fieldRef`; throws `Refusal` for a field that Kubernetes does not offer. */
export function fieldRef(pod: Pod, path: string, host: HostFacts): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (keyed) {
    const [, field, key = ''] = keyed
    return pod.metadata[field === 'labels' ? 'labels' : 'annotations']?.[key] ?? ''
  }
  const read = fields[path]
  if (!read) {
    throw new Refusal('CreateContainerConfigError', `fieldPath ${path} is not supported`, false)
  }
  return read(pod, host)
}

const fields: Readonly<Record<string, (pod: Pod, host: HostFacts) => string>> = {
  'metadata.name': ({ metadata }) => metadata.name ?? '',
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
  'metadata.uid': ({ metadata }) => metadata.uid ?? '',
  'metadata.labels': ({ metadata }) => lines(metadata.labels),
  'metadata.annotations': ({ metadata }) => lines(metadata.annotations),
  'spec.nodeName': (_, host) => host.nodeName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? 'default',
  'status.podIP': (_, host) => host.podIP ?? host.hostIP,
  'status.podIPs': (_, host) => host.podIP ?? host.hostIP,
  'status.hostIP': (_, host) => host.hostIP,
  'status.hostIPs': (_, host) => host.hostIP,
}

/** Only volumes may ask for all of them: `key="escaped"`, one a line. */
function lines(entries: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(entries ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')
}

/** The value of a `resourceFieldRef`, divided and rounded up as Kubernetes does. */
export function resourceFieldRef(ref: JsonObject, container: Container, host: HostFacts): string {
  const resource = String(ref.resource ?? '')
  const [, kind, name = ''] = /^(limits|requests)\.(.+)$/.exec(resource) ?? []
  if (!kind) {
    throw new Refusal('CreateContainerConfigError', `resource ${resource} is not supported`, false)
  }
  const amount = kind === 'limits' ? limitOf(container, name, host) : requestOf(container, name)
  const divisor = parseQuantity(String(ref.divisor ?? '1')) || 1
  // The small constant keeps 0.1 / 0.001 at 100 and not at 101.
  return String(Math.ceil(amount / divisor - 1e-9))
}

/** Without a limit the whole machine is the limit. */
function limitOf({ resources }: Container, name: string, host: HostFacts): number {
  const own = resources?.limits?.[name]
  return (own === undefined ? host.allocatable[name] : parseQuantity(own)) ?? 0
}

/** Without a request the limit is asked for, and without either nothing. */
function requestOf({ resources }: Container, name: string): number {
  return parseQuantity(resources?.requests?.[name] ?? resources?.limits?.[name] ?? 0) ?? 0
}
