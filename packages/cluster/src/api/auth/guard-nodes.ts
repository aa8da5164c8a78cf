import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import type { Identity } from '../http/identity.ts'
import type { Guard } from '../http/world.ts'
import { collectionOf } from '../kinds.ts'
import { forbidden } from '../refusals.ts'

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
  const refuse = (why: string) => {
    throw forbidden(kind.resource, name, `node "${node}" ${why}`)
  }
  switch (collectionOf(kind.resource)) {
    case 'nodes':
      if (name !== node) refuse('is not allowed to modify another node')
      return
    case 'pods':
      if (placeOf(old ?? object) !== node)
        refuse('can only write pods with spec.nodeName set to itself')
      return
    case 'leases.coordination.k8s.io':
      if (namespace !== 'kube-node-lease' || name !== node)
        refuse('can only write its own lease, in kube-node-lease')
  }
}

/** Whether somebody who is a node has this pod; everybody else has all. */
export function hasPod(identity: Identity, pod: KubeObject | undefined): boolean {
  const node = nodeNamed(identity)
  return node === undefined || (pod !== undefined && placeOf(pod as unknown as JsonObject) === node)
}

function placeOf({ spec }: JsonObject): unknown {
  return isObject(spec) ? spec['nodeName'] : undefined
}
