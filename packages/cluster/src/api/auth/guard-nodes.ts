import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import type { Identity } from '../http/identity.ts'
import type { Guard } from '../http/world.ts'
import { collectionOf } from '../kinds.ts'
import { forbidden } from '../refusals.ts'
import { templateAnnotation } from './node-reach.ts'

const nodesGroup = 'system:nodes'
const prefix = 'system:node:'

/** The node that somebody is; undefined for who is none. */
export function nodeNamed({ user, groups }: Identity): string | undefined {
  return groups.includes(nodesGroup) && user.startsWith(prefix)
    ? user.slice(prefix.length)
    : undefined
}

/** A node writes what is its own: its Node, its Lease, and the pods that are on it (Kubernetes' NodeRestriction). */
export const guardNodes: Guard = ({ kind, object, old, identity }) => {
  const node = nodeNamed(identity)
  if (node === undefined) return
  const { name = '', namespace } = (object as unknown as KubeObject).metadata
  const why = objections[collectionOf(kind.resource)]?.({ node, name, namespace, object, old })
  if (why !== undefined) throw forbidden(kind.resource, name, `node "${node}" ${why}`)
}

interface Write {
  readonly node: string
  readonly name: string
  readonly namespace: string | undefined
  readonly object: JsonObject
  readonly old: JsonObject | undefined
}

const objections: Readonly<Record<string, (write: Write) => string | undefined>> = {
  nodes: ({ node, name }) => (name === node ? undefined : 'is not allowed to modify another node'),
  pods: ({ node, object, old }) => {
    if (placeOf(old ?? object) !== node)
      return 'can only write pods with spec.nodeName set to itself'
    const isOther = old !== undefined && stepOf(object) !== stepOf(old)
    return isOther ? 'cannot change what its pods refer to' : undefined
  },
  'leases.coordination.k8s.io': ({ node, name, namespace }) =>
    namespace === 'kube-node-lease' && name === node
      ? undefined
      : 'can only write its own lease, in kube-node-lease',
}

/** Whether somebody who is a node has this pod; everybody else has all. */
export function hasPod(identity: Identity, pod: KubeObject | undefined): boolean {
  const node = nodeNamed(identity)
  return node === undefined || (pod !== undefined && placeOf(pod as unknown as JsonObject) === node)
}

/** What the pod's step refers to: by that a node reaches secrets. */
function stepOf({ metadata }: JsonObject): unknown {
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) ? annotations[templateAnnotation] : undefined
}

function placeOf({ spec }: JsonObject): unknown {
  return isObject(spec) ? spec['nodeName'] : undefined
}
