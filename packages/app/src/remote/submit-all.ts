import {
  applySubmitOptions,
  type KubeObject,
  labelCreator,
  type SubmitSource,
  submitFrom,
  submitKind,
  type Workflow,
} from '@argosy/engine'
import { asNew, hasRun } from '../input/as-new.ts'
import { paintFor } from '../output/paint.ts'
import type { Shell } from '../shell/shell.ts'
import { afterwards } from './afterwards.ts'
import type { Remote } from './connect.ts'
import { createWorkflow } from './create-workflow.ts'
import { nodeSelector } from './node-selector.ts'
import { withParametersFile } from './parameters-file.ts'
import { workflowText } from './print-workflow.ts'
import { readObjects } from './read-objects.ts'
import { rehearsalOf, type SubmitFlags, submitOptions } from './submit-options.ts'
import { templateResources } from './template-resources.ts'

interface SubmitRequest {
  readonly files: readonly string[]
  readonly flags: SubmitFlags
}

/** Reads, checks, creates and prints each; then waits, watches or logs. Resolves to the exit code. */
export async function submitAll(
  remote: Remote,
  { files, flags }: SubmitRequest,
  shell: Shell,
): Promise<number> {
  const select = nodeSelector(flags.nodeFieldSelector, flags.status)
  const options = submitOptions(
    flags,
    await withParametersFile(flags.parameter, flags.parameterFile),
  )
  const wanted =
    flags.from === undefined
      ? await readObjects(files, { kind: 'Workflow', strict: flags.strict }, shell)
      : [await fromServer(remote, flags.from, shell.now())]
  if (wanted.length === 0) throw new Error('no workflow found in given files')
  if (flags.watch && wanted.length > 1) throw new Error('cannot watch more than one workflow')

  const names = []
  for (const one of wanted) {
    const applied = applySubmitOptions(labelCreator(anew(one, shell), undefined), options)
    if ('refused' in applied) throw new Error(applied.refused)
    const created = await createWorkflow(remote, applied.workflow, rehearsalOf(flags))
    const paint = paintFor(shell.stdout)
    const format = flags.output
    shell.stdout.write(await workflowText(created, { format, paint, now: shell.now() }))
    const { namespace = '', name = '', resourceVersion } = created.metadata
    // What an Argo Server says of it may be older than what it has.
    names.push({ namespace, name, ...(!remote.argo && { resourceVersion }) })
  }
  if (rehearsalOf(flags) !== 'none') return 0
  const quiet = flags.output !== undefined && flags.output !== 'wide'
  return afterwards(remote, names, { ...flags, quiet, ...(select && { select }) }, shell)
}

/** What a manifest tells of an earlier run is not taken over, and that is said. */
function anew(workflow: Workflow, { stderr }: Shell): Workflow {
  const { name, generateName } = workflow.metadata
  if (hasRun(workflow))
    stderr.write(`argosy: ${name ?? generateName} has a status: it is left out\n`)
  return asNew(workflow)
}

async function fromServer(remote: Remote, from: string, now: number): Promise<Workflow> {
  const at = from.indexOf('/')
  if (at < 0) {
    const example = 'Should be `kind/name`, e.g. cronwf/hello-world-cwf'
    throw new Error(`resource identifier '${from}' is malformed. ${example}`)
  }
  const named = submitKind(from.slice(0, at))
  if ('refused' in named) throw new Error(`failed to submit workflow: ${named.refused}`)
  const { kind } = named
  const name = from.slice(at + 1)
  const resource = templateResources[kind]
  const { client, namespace } = remote
  const object = await client.get<KubeObject>({
    ...{ resource, name },
    ...(resource.namespaced && { namespace }),
  })
  if (!object) {
    const where = resource.namespaced ? ` in namespace ${namespace}` : ''
    throw new Error(`failed to submit workflow: there is no ${kind} "${name}"${where}`)
  }
  return submitFrom({ kind, object } as SubmitSource, now)
}
