import type { Workflow } from '@argosy/engine'
import type { Connection } from '@argosy/kube/remote'
import { Command, Option } from 'commander'
import type { Afterwards } from '../remote/afterwards.ts'
import type { ArchivedFlags } from '../remote/archived.ts'
import type { Remote } from '../remote/connect.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { UsageError } from '../shell/usage-error.ts'
import { outputOption, wholeNumber, withRerunFlags, withSelectors } from './flags.ts'

const about = `
The archive is Argo Server's: of \`argosy server\` the kubeconfig leads to it, of another one ARGO_SERVER, ARGO_SECURE,
ARGO_TOKEN, ARGO_BASE_HREF and ARGO_INSECURE_SKIP_VERIFY as upstream reads them.

Exit code of each: 0 done, 1 refused, not there, or no server.`

/** `argosy archive`. */
export function archiveCommand(shell: Shell): Command {
  return new Command('archive')
    .description('workflows that have ended, also when they are gone')
    .addCommand(list(shell))
    .addCommand(get(shell))
    .addCommand(remove(shell))
    .addCommand(labelKeys(shell))
    .addCommand(labelValues(shell))
    .addCommand(again('retry', shell))
    .addCommand(again('resubmit', shell))
    .addHelpText('after', about)
}

interface Place {
  readonly remote: Remote
  readonly api: Connection
  /** What does the asking. */
  readonly archived: typeof import('../remote/archived.ts')
}

/** Finds the archive, and does something there. */
async function at(flags: RemoteFlags, act: (place: Place) => Promise<void>): Promise<void> {
  const { connect } = await import('../remote/connect.ts')
  const { argoApi } = await import('../remote/argo-api.ts')
  const archived = await import('../remote/archived.ts')
  using remote = await connect(flags)
  using api = await argoApi(remote)
  await act({ remote, api, archived })
}

interface ListFlags extends RemoteFlags {
  readonly output: 'name' | 'json' | 'yaml' | 'wide'
  readonly selector?: string
  readonly query?: string
  readonly chunkSize: number
}

function list(shell: Shell): Command {
  const command = new Command('list')
    .description('list archived workflows')
    .option('-l, --selector <labels>', 'those with these labels, as a=b,c!=d')
    .option(
      '--query <search>',
      'only what this finds, as "status=failed oomkilled" (docs/search.md)',
    )
    .option('--chunk-size <number>', 'ask the server for so many at a time', wholeNumber, 0)
    .addOption(outputOption(['name', 'json', 'yaml', 'wide']).default('wide'))
  return withRemoteFlags(command).action((flags: ListFlags) =>
    at(flags, async ({ remote, api, archived }) => {
      const { workflowsText } = await import('../remote/print-workflows.ts')
      const { selector, query, chunkSize: chunk, output } = flags
      const workflows = await archived.listArchived(api, {
        ...{ namespace: remote.namespace, chunk },
        ...(selector && { selector }),
        ...(query && { query }),
      })
      const table = { headers: true, namespace: true, wide: output === 'wide', uid: true }
      const text = await workflowsText(workflows, output, { ...table, now: shell.now() })
      shell.stdout.write(text)
      shell.exit(0)
    }),
  )
}

/** How names are told from uids. */
function withIdentity(command: Command): Command {
  return command
    .addOption(new Option('--name', 'what is given are names').conflicts('uid'))
    .addOption(new Option('--uid', 'what is given are uids').conflicts('name'))
}

function get(shell: Shell): Command {
  const command = new Command('get')
    .description('show an archived workflow')
    .argument('<WORKFLOW>', 'its name or uid')
    .addOption(outputOption(['json', 'yaml', 'wide']).default('wide'))
  return withRemoteFlags(withIdentity(command)).action(
    (identifier: string, flags: RemoteFlags & ArchivedFlags & { readonly output: Format }) =>
      at(flags, async ({ remote, api, archived }) => {
        const named = { identifier, flags, now: shell.now() }
        const uid = await archived.archivedUid(api, remote.namespace, named)
        const workflow = await archived.getArchived(api, uid)
        shell.stdout.write(await textOf(workflow, flags.output, shell.now()))
        shell.exit(0)
      }),
  )
}

type Format = 'name' | 'json' | 'yaml' | 'wide'

/** argo: archive.printWorkflow. */
async function textOf(
  workflow: Workflow,
  format: Format | undefined,
  now: number,
): Promise<string> {
  const { jsonText, yamlText } = await import('../text/objects.ts')
  if (format === 'json') return jsonText(workflow)
  if (format === 'yaml') return yamlText(workflow)
  if (format === 'name') return `${workflow.metadata.name}\n`
  const { archivedView } = await import('../text/archived-view.ts')
  return archivedView(workflow, now)
}

function remove(shell: Shell): Command {
  const command = new Command('delete')
    .description('delete archived workflows')
    .argument('<WORKFLOW...>', 'their names or uids')
  return withRemoteFlags(withIdentity(command)).action(
    (identifiers: readonly string[], flags: RemoteFlags & ArchivedFlags) =>
      at(flags, async ({ remote, api, archived }) => {
        for (const identifier of identifiers) {
          const named = { identifier, flags, now: shell.now() }
          await archived.deleteArchived(
            api,
            await archived.archivedUid(api, remote.namespace, named),
          )
          shell.stdout.write(`Archived workflow '${identifier}' deleted\n`)
        }
        shell.exit(0)
      }),
  )
}

function labelKeys(shell: Shell): Command {
  const command = new Command('list-label-keys').description(
    'list the labels of archived workflows',
  )
  return withRemoteFlags(command).action((flags: RemoteFlags) =>
    at(flags, async ({ api, archived }) => {
      for (const key of await archived.archivedLabelKeys(api)) shell.stdout.write(`${key}\n`)
      shell.exit(0)
    }),
  )
}

function labelValues(shell: Shell): Command {
  const command = new Command('list-label-values')
    .description('list what a label of archived workflows is')
    .requiredOption('-l, --selector <label>', 'the label, and nothing else')
  return withRemoteFlags(command).action((flags: RemoteFlags & { readonly selector: string }) =>
    at(flags, async ({ api, archived }) => {
      const values = await archived.archivedLabelValues(api, flags.selector)
      for (const value of values) shell.stdout.write(`${value}\n`)
      shell.exit(0)
    }),
  )
}

interface AgainFlags extends RemoteFlags, ArchivedFlags, Afterwards {
  readonly parameter: readonly string[]
  readonly selector?: string
  readonly fieldSelector?: string
  readonly output?: Format
  readonly memoized?: boolean
  readonly restartSuccessful?: boolean
  readonly nodeFieldSelector?: string
}

function again(verb: 'retry' | 'resubmit', shell: Shell): Command {
  const command = new Command(verb)
    .description(
      verb === 'retry'
        ? 'run the failed steps of archived workflows again, under their names'
        : 'submit archived workflows once more',
    )
    .argument('[WORKFLOW...]', 'their names or uids')
  if (verb === 'resubmit') command.option('--memoized', 'take over what succeeded')
  else {
    command
      .option('--restart-successful', 'also these nodes, though they succeeded')
      .option('--node-field-selector <fields>', 'which nodes, as id=x,templateName=y')
  }
  return withRemoteFlags(withSelectors(withIdentity(withRerunFlags(command)))).action(
    (identifiers: readonly string[], flags: AgainFlags) =>
      at(flags, (place) => runAgain(verb, { place, identifiers, flags }, shell)),
  )
}

interface AgainRequest {
  readonly place: Place
  readonly identifiers: readonly string[]
  readonly flags: AgainFlags
}

async function runAgain(
  verb: 'retry' | 'resubmit',
  request: AgainRequest,
  shell: Shell,
): Promise<void> {
  const { place, flags } = request
  const { api, archived } = place
  const uids = await chosenUids(request, shell.now())
  const done: { readonly namespace: string; readonly name: string }[] = []
  for (const uid of uids) {
    const { parameter: parameters, memoized, restartSuccessful, nodeFieldSelector } = flags
    const body = { parameters, memoized, restartSuccessful, nodeFieldSelector }
    const workflow = await archived.runArchived(api, uid, { verb, body })
    const { namespace = '', name = '' } = workflow.metadata
    done.push({ namespace, name })
    shell.stdout.write(await textOf(workflow, flags.output, shell.now()))
  }
  if (done.length !== 1) return shell.exit(0)
  const { afterwards } = await import('../remote/afterwards.ts')
  const quiet = flags.output !== undefined && flags.output !== 'wide'
  shell.exit(await afterwards(place.remote, done, { ...flags, quiet }, shell))
}

/** Those that the selectors mean, then those that are named, each once. */
async function chosenUids(
  { place: { remote, api, archived }, identifiers, flags }: AgainRequest,
  now: number,
): Promise<readonly string[]> {
  const { selector, fieldSelector } = flags
  if (identifiers.length === 0 && !selector && !fieldSelector) {
    throw new UsageError('requires either selector or workflow')
  }
  const { namespace } = remote
  const wanted = {
    namespace,
    ...(selector && { selector }),
    ...(fieldSelector && { fieldSelector }),
  }
  const listed = selector || fieldSelector ? await archived.listArchived(api, wanted) : []
  const uids = new Set(listed.map(({ metadata }) => metadata.uid ?? ''))
  for (const identifier of identifiers) {
    uids.add(await archived.archivedUid(api, namespace, { identifier, flags, now }))
  }
  return [...uids]
}
