import type { KubeObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { Change } from '../../store/feed.ts'
import type { Key } from '../../store/object-version.ts'
import { admitNew } from '../creation.ts'
import type { Objects } from './objects.ts'

/** What every namespace holds, so that its first pod finds it: the ServiceAccount `default`, and the authority to trust. */
export function keepNamespacesFilled(objects: Objects, ca: string): (namespace: string) => void {
  const fill = (namespace: string) => {
    for (const object of contentsOf(namespace, ca)) {
      const collection = `${object.kind.toLowerCase()}s`
      const kind = objects.registry.of(collection)
      unlessRefused(() => {
        const { key, admitted } = admitNew(kind, object, objects.surroundings())
        objects.store.create(key, admitted)
      })
    }
  }
  for (const { name } of objects.store.list('namespaces')) fill(name)
  objects.store.listen((changes) => {
    const wanting = new Set<string>()
    for (const change of changes) if (wants(change)) wanting.add(namespaceOf(change))
    if (wanting.size === 0) return
    setImmediate(() => {
      if (!objects.store.closed) for (const namespace of wanting) refill(objects, namespace, fill)
    })
  })
  return fill
}

function contentsOf(namespace: string, ca: string): readonly KubeObject[] {
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'kube-root-ca.crt',
      namespace,
      annotations: {
        'kubernetes.io/description':
          'The certificate authority that the API server can be verified by.',
      },
    },
    data: { 'ca.crt': ca },
  }
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace },
  }
  return [account, configMap]
}

const kept: readonly Pick<Key, 'collection' | 'name'>[] = [
  { collection: 'serviceaccounts', name: 'default' },
  { collection: 'configmaps', name: 'kube-root-ca.crt' },
]

/** A namespace is new, or has lost something. */
function wants({ type, version }: Change): boolean {
  const { collection, name } = version.key
  if (collection === 'namespaces') return type === 'ADDED'
  if (type !== 'DELETED') return false
  return kept.some((one) => one.collection === collection && one.name === name)
}

function namespaceOf({ version: { key } }: Change): string {
  return key.collection === 'namespaces' ? key.name : key.namespace
}

function refill(objects: Objects, name: string, fill: (namespace: string) => void): void {
  const namespace = objects.store.newest({ collection: 'namespaces', namespace: '', name })
  if (namespace && namespace.metadata.deletionTimestamp === undefined) fill(name)
}

/** The namespace is ending, or the object is there. */
function unlessRefused(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}
