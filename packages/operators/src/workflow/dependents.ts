import type { Dependent, DependentRef, KubeObject } from '@argosy/engine'
import { type Client, ignore, type Resource, resources, StatusError } from '@argosy/kube'

const kinds: Readonly<Record<string, Resource>> = {
  PersistentVolumeClaim: resources.persistentVolumeClaims,
  PodDisruptionBudget: {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    namespaced: true,
  },
}

/** One that will never be, and why. */
export interface Unmade {
  readonly object: Dependent
  readonly message: string
}

/** Makes what a workflow needs beside its pods; what is there already is taken when it is the workflow's own. */
export async function ensure(
  client: Client,
  objects: readonly Dependent[],
): Promise<Unmade | undefined> {
  for (const object of objects) {
    const message = await make(client, object)
    if (message !== undefined) return { object, message }
  }
  return undefined
}

async function make(client: Client, object: Dependent): Promise<string | undefined> {
  try {
    await client.create(resourceOf(object.kind), object)
    return undefined
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.reason === 'AlreadyExists') return taken(client, object)
    if (!final.has(error.reason)) throw error
    return error.message
  }
}

/** Asking again would not help. */
const final: ReadonlySet<string> = new Set(['BadRequest', 'Forbidden', 'Invalid', 'NotFound'])

// argo: a budget of that name is taken whoever has made it.
async function taken(client: Client, object: Dependent): Promise<string | undefined> {
  if (object.kind !== 'PersistentVolumeClaim') return undefined
  const { name = '', ownerReferences = [] } = object.metadata
  const there = await client.get<KubeObject>(refOf(object.metadata.namespace, { ...object, name }))
  const uids = ownerReferences.map(({ uid }) => uid)
  const ours = there?.metadata.ownerReferences?.some(({ uid }) => uids.includes(uid))
  return ours ? undefined : `${name} pvc already exists with different ownerreference`
}

export async function remove(
  client: Client,
  namespace: string | undefined,
  objects: readonly DependentRef[],
): Promise<void> {
  const gone = objects.map((object) =>
    client.remove(refOf(namespace, object)).catch(ignore('NotFound')),
  )
  await Promise.all(gone)
}

function refOf(namespace: string | undefined, { kind, name }: DependentRef) {
  return { resource: resourceOf(kind), name, ...(namespace !== undefined && { namespace }) }
}

function resourceOf(kind: string): Resource {
  const resource = kinds[kind]
  if (resource === undefined) throw new Error(`no workflow makes a ${kind}`)
  return resource
}
