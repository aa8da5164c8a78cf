import type { KubeObject, Workflow } from '@argosy/engine'
import { type Client, equalJson, ignore, resources, StatusError } from '@argosy/kube'
import { asNew } from '../input/as-new.ts'
import type { Supply } from '../input/templates-in.ts'
import type { Understood } from '../input/understand.ts'

/** What a run is about. */
export interface Submitted {
  /** `namespace/name` of every workflow that this run must see to its end. */
  readonly keys: readonly string[]
  /** Those of them that an earlier run left unfinished. */
  readonly continued: readonly Workflow[]
  /** What the server refused, in words. */
  readonly problems: readonly string[]
}

const unfinished = 'workflows.argoproj.io/completed!=true'
const defaultNamespace = 'default'

/**
 * Writes templates and the like, then creates the workflows. A Workflow that an earlier run on this data directory left
 * unfinished is taken up again: repeating the command that was killed finishes its work instead of doing it twice.
 */
export async function submit(client: Client, understood: Understood): Promise<Submitted> {
  const problems: string[] = []
  const say = (what: string) => (error: unknown) => {
    if (!(error instanceof StatusError)) throw error
    problems.push(`${what}: ${error.message}`)
  }
  await ensureNamespaces(client, understood)
  for (const supply of understood.supplies) {
    await apply(client, supply).catch(say(nameOf(supply.object)))
  }
  const { items: continued } = await client.list<Workflow>({
    resource: resources.workflows,
    labelSelector: unfinished,
  })
  if (problems.length > 0) return { keys: [], continued, problems }
  const keys = continued.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
  const open = [...continued]
  for (const workflow of understood.workflows) {
    const same = open.findIndex((one) => isSame(one, workflow))
    if (same >= 0) open.splice(same, 1)
    else {
      const key = await create(client, workflow).catch(say(nameOf(workflow)))
      if (key) keys.push(key)
    }
  }
  return { keys, continued, problems }
}

async function create(client: Client, workflow: Workflow): Promise<string> {
  const placed = inNamespace(asNew(workflow))
  const { namespace, name } = await client.create(resources.workflows, placed)
  return `${namespace}/${name}`
}

/** Submitted from the same document: its name (or how it gets one) and its spec are the same. */
function isSame(stored: Workflow, wanted: Workflow): boolean {
  const { name, generateName, namespace = defaultNamespace } = wanted.metadata
  if (stored.metadata.namespace !== namespace) return false
  const sameName = name
    ? stored.metadata.name === name
    : stored.metadata.generateName === generateName
  return sameName && equalJson(stored.spec as never, wanted.spec as never)
}

async function apply(client: Client, { resource, object }: Supply): Promise<void> {
  const whole = resource === resources.secrets ? withData(object) : object
  const placed = resource.namespaced ? inNamespace(whole) : whole
  const { namespace, name = '' } = placed.metadata
  try {
    await client.create(resource, placed)
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error
    const ref = { resource, name, ...(namespace !== undefined && { namespace }) }
    const old = await client.get<KubeObject>(ref)
    const version = old?.metadata.resourceVersion
    const metadata = { ...placed.metadata, ...(version && { resourceVersion: version }) }
    await client.update(resource, { ...placed, metadata })
  }
}

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly stringData?: Readonly<Record<string, string>>
}

/** `stringData` is for writing only: what is kept is `data`. */
function withData(object: KubeObject): KubeObject {
  const { stringData, ...secret }: Secret = object
  if (!stringData) return object
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ])
  return { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } } as KubeObject
}

/** On one machine nobody has to make a namespace first. */
async function ensureNamespaces(
  client: Client,
  { supplies, workflows }: Understood,
): Promise<void> {
  const objects = [...supplies.map(({ object }) => object), ...workflows]
  const names = new Set(objects.map(({ metadata }) => metadata.namespace ?? defaultNamespace))
  for (const name of names) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
    await client.create(resources.namespaces, namespace).catch(ignore('AlreadyExists'))
  }
}

function inNamespace<T extends KubeObject>(object: T): T {
  if (object.metadata.namespace) return object
  return { ...object, metadata: { ...object.metadata, namespace: defaultNamespace } }
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} "${metadata.name ?? metadata.generateName ?? ''}"`
}
