import type { KubeObject } from '@argosy/engine'
import { type Client, type Ref, StatusError } from '@argosy/kube'
import { isPassing } from './passing.ts'

/** What creation needs so that a cut-off one is not repeated. */
export interface Creation {
  readonly client: Client
  readonly signal: AbortSignal
  readonly startedAt: number
  readonly again: boolean
  /** The name that an earlier run has chosen. */
  readonly chosenName: string | undefined
  /** Durable when it resolves. */
  choose(name: string): Promise<void>
  /** With the owner that the template asks for. */
  owned(object: KubeObject): KubeObject
}

/** Creates; a generated name is chosen and kept before, so that another run finds what this one made. */
export async function createObject(
  ref: Ref,
  object: KubeObject,
  creation: Creation,
): Promise<KubeObject> {
  const { client, signal } = creation
  const name = await nameFor(object, creation)
  const whole = { ...object, metadata: { ...object.metadata, name } }
  try {
    await client.create(ref.resource, whole, signal)
  } catch (error) {
    if (isPassing(error)) return createdAfterAll({ ...ref, name }, creation, error)
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error
    // Somebody else has the name that was chosen for us.
    if (!object.metadata.name && !creation.again) return createObject(ref, object, creation)
    if (!(await isOurs({ ...ref, name }, creation))) throw error
  }
  return (await client.get<KubeObject>({ ...ref, name }, signal)) ?? whole
}

/** It may have happened, and only its answer been lost: whoever is asked now waits until the server is back. */
async function createdAfterAll(ref: Ref, creation: Creation, error: unknown): Promise<KubeObject> {
  const { client, signal } = creation
  const tried = { ...creation, again: true, chosenName: ref.name }
  const there = await client.get<KubeObject>(ref, signal)
  if (!there) throw error
  if (await isOurs(ref, tried)) return there
  throw error
}

async function nameFor({ metadata }: KubeObject, creation: Creation): Promise<string> {
  const { name, generateName } = metadata
  const generated = generateName && (creation.chosenName ?? `${generateName}${randomSuffix()}`)
  const chosen = name || generated
  if (!chosen) throw new Error('error: resource name may not be empty')
  if (chosen !== creation.chosenName) await creation.choose(chosen)
  return chosen
}

/** An earlier run of this very container made it: it is not older than that. */
async function isOurs(ref: Ref, { client, again, chosenName, startedAt, signal }: Creation) {
  if (!again || chosenName !== ref.name) return false
  const there = await client.get<KubeObject>(ref, signal)
  const createdAt = Date.parse(there?.metadata.creationTimestamp ?? '')
  return createdAt >= Math.floor(startedAt / 1000) * 1000
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

function randomSuffix(): string {
  return Array.from({ length: 5 }, () => letters[Math.floor(Math.random() * letters.length)]).join(
    '',
  )
}
