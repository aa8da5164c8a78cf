import {
  applySubmitOptions,
  type CronWorkflow,
  type KubeObject,
  type ObjectMeta,
  type SubmitOptions,
} from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { Shell } from '../shell/shell.ts'
import type { Remote } from './connect.ts'
import type { ViewFormat } from './print-workflow.ts'
import { readObjects } from './read-objects.ts'
import type { StoredKind } from './stored-kinds.ts'

/** What of the command line changes the objects of files. */
export interface WriteFlags {
  readonly strict: boolean
  readonly output?: ViewFormat
  /** Of schedules: instead of the file's. */
  readonly schedule?: string
  /** Of schedules: what their workflows are submitted with. */
  readonly options?: SubmitOptions
}

type Verb = 'create' | 'update'

/** Creates or replaces what the files hold, each checked before it is written. */
export async function writeStored(
  remote: Remote,
  {
    verb,
    what,
    files,
    flags,
  }: { verb: Verb; what: StoredKind; files: readonly string[]; flags: WriteFlags },
  shell: Shell,
): Promise<void> {
  const { kind, noun } = what
  const objects = await readObjects(files, { kind, strict: flags.strict }, shell)
  if (objects.length === 0) throw new Error(`No ${noun} found in given files`)
  for (const one of objects) {
    const object = placed(adjusted(one, flags), remote, what)
    try {
      await what.check(remote.client, object)
      const written = await writers[verb](remote, object, what)
      shell.stdout.write(
        await storedText(written, what, { format: flags.output, now: shell.now() }),
      )
    } catch (error) {
      if (!(error instanceof Error)) throw error
      error.message = `failed to ${verb} ${noun}: ${error.message}`
      throw error
    }
  }
}

/** argo: CreateCronWorkflows. */
function adjusted(object: KubeObject, { schedule, options }: WriteFlags): KubeObject {
  if (object.kind !== 'CronWorkflow' || (!schedule && !options)) return object
  const cron = object as CronWorkflow
  const { apiVersion, metadata, spec } = cron
  const workflow = { apiVersion, kind: 'Workflow', metadata: {}, spec: spec.workflowSpec }
  const applied = applySubmitOptions(workflow, options ?? {})
  if ('refused' in applied) throw new Error(applied.refused)
  const { name, generateName, labels } = applied.workflow.metadata
  const { name: own, generateName: ownPrefix, ...rest } = metadata
  const named =
    name || generateName ? { name, generateName } : { name: own, generateName: ownPrefix }
  return {
    ...cron,
    metadata: {
      ...rest,
      ...(named.name
        ? { name: named.name }
        : named.generateName && { generateName: named.generateName }),
    },
    spec: {
      ...spec,
      ...(schedule && { schedules: [schedule] }),
      workflowSpec: applied.workflow.spec,
      ...(labels && { workflowMetadata: withLabels(spec.workflowMetadata, labels) }),
    },
  } as KubeObject
}

/** What its workflows get; upstream takes such labels and forgets them. */
function withLabels(
  metadata: CronWorkflow['spec']['workflowMetadata'],
  labels: Readonly<Record<string, string>>,
) {
  const own = (metadata ?? {}) as ObjectMeta
  return { ...own, labels: { ...own.labels, ...labels } }
}

function placed(object: KubeObject, { namespace }: Remote, { resource }: StoredKind): KubeObject {
  if (!resource.namespaced || object.metadata.namespace) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

type Write = (remote: Remote, object: KubeObject, what: StoredKind) => Promise<KubeObject>

const writers: Readonly<Record<Verb, Write>> = {
  create: async ({ client }, object, { resource }) => ({
    ...object,
    metadata: { ...object.metadata, ...(await client.create(resource, object)) },
  }),
  update: async (remote, object, what) => {
    const { namespace = remote.namespace, name = '' } = object.metadata
    const current = await findStored({ ...remote, namespace }, name, what)
    const { resourceVersion } = current.metadata
    const whole = {
      ...object,
      metadata: { ...object.metadata, ...(resourceVersion && { resourceVersion }) },
      // What has run already is no business of the file's.
      ...('status' in current && { status: current.status }),
    }
    return { ...whole, metadata: await remote.client.update(what.resource, whole) }
  },
}

/** Throws `NotFound`. */
export async function findStored(
  { client, namespace }: Remote,
  name: string,
  { resource, noun }: StoredKind,
): Promise<KubeObject> {
  const place = resource.namespaced ? { namespace } : {}
  const found = await client.get<KubeObject>({ resource, name, ...place })
  if (found) return found
  const where = resource.namespaced ? ` in namespace ${namespace}` : ''
  throw new StatusError('NotFound', `${noun} "${name}" not found${where}`)
}

/** One stored object in the form that is asked for. */
export async function storedText(
  object: KubeObject,
  { view }: StoredKind,
  { format, now }: { readonly format: ViewFormat | undefined; readonly now: number },
): Promise<string> {
  if (format === 'name') return `${object.metadata.name}\n`
  if (format === 'json' || format === 'yaml') {
    const { jsonText, yamlText } = await import('../text/objects.ts')
    return format === 'json' ? jsonText(object) : yamlText(object)
  }
  return view(object, now)
}

/** The names that are given, or all there are. */
export async function namesOfStored(
  { client, namespace }: Remote,
  names: readonly string[],
  { what, all }: { readonly what: StoredKind; readonly all: boolean },
): Promise<readonly string[]> {
  if (!all) return names
  const { resource } = what
  const { items } = await client.list<KubeObject>({
    resource,
    ...(resource.namespaced && { namespace }),
  })
  return items.map(({ metadata }) => metadata.name ?? '')
}
