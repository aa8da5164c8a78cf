import { collectionOf, type Kind } from '../kinds.ts'

/** A part of an object with a path of its own, as discovery tells of it. */
export interface Part {
  readonly name: string
  readonly kind: string
  /** Where it differs from the object's own. */
  readonly group?: string
  readonly version?: string
  readonly verbs: readonly string[]
}

const readWrite = ['get', 'patch', 'update']
const anyVerb = ['create', 'delete', 'get', 'patch', 'update']
const stream = { verbs: ['create', 'get'] } as const

const more: Readonly<Record<string, readonly Part[]>> = {
  pods: [
    { name: 'attach', kind: 'PodAttachOptions', ...stream },
    { name: 'ephemeralcontainers', kind: 'Pod', verbs: readWrite },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'exec', kind: 'PodExecOptions', ...stream },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', ...stream },
    { name: 'proxy', kind: 'PodProxyOptions', verbs: anyVerb },
  ],
  'certificatesigningrequests.certificates.k8s.io': [
    { name: 'approval', kind: 'CertificateSigningRequest', verbs: ['get', 'update'] },
  ],
  services: [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: anyVerb }],
  namespaces: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
  serviceaccounts: [
    {
      name: 'token',
      kind: 'TokenRequest',
      group: 'authentication.k8s.io',
      version: 'v1',
      verbs: ['create'],
    },
  ],
}

/** What we serve below the objects of a kind; `isServed` says of `pods/exec` whether somebody does. */
export function partsOf(kind: Kind, isServed: (part: string) => boolean): readonly Part[] {
  const collection = collectionOf(kind.resource)
  const parts: Part[] = [...(more[collection] ?? [])].filter(({ name }) =>
    isServed(`${collection}/${name}`),
  )
  if (kind.scale)
    parts.push({
      name: 'scale',
      kind: 'Scale',
      group: 'autoscaling',
      version: 'v1',
      verbs: readWrite,
    })
  if (kind.hasStatus) parts.push({ name: 'status', kind: kind.resource.kind, verbs: readWrite })
  return parts.sort((a, b) => (a.name < b.name ? -1 : 1))
}
