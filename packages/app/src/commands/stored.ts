import type { KubeObject } from '@argosy/engine'
import { Command } from 'commander'
import type { Remote } from '../remote/connect.ts'
import type { ViewFormat } from '../remote/print-workflow.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { StoredKind } from '../remote/stored-kinds.ts'
import type { SubmitFlags } from '../remote/submit-options.ts'
import type { Shell } from '../shell/shell.ts'
import { UsageError } from '../shell/usage-error.ts'
import { backfillCommand } from './backfill.ts'
import { collect, outputOption, withStrict } from './flags.ts'
import { lintFlags, performLint } from './lint.ts'

type Name = StoredKind['kind']

/** `argosy template`. */
export function templateCommand(shell: Shell): Command {
  const command = new Command('template').description('keep workflow templates')
  return withVerbs(command, 'WorkflowTemplate', shell)
}

/** `argosy cluster-template`. */
export function clusterTemplateCommand(shell: Shell): Command {
  const command = new Command('cluster-template').description('keep cluster workflow templates')
  return withVerbs(command, 'ClusterWorkflowTemplate', shell)
}

/** `argosy cron`. */
export function cronCommand(shell: Shell): Command {
  const command = new Command('cron').description('keep cron workflows')
  return withVerbs(command, 'CronWorkflow', shell)
    .addCommand(suspension('suspend', shell))
    .addCommand(suspension('resume', shell))
    .addCommand(backfillCommand(shell))
}

function withVerbs(command: Command, kind: Name, shell: Shell): Command {
  const lint = lintFlags(new Command('lint').description('check manifests of this kind, offline'))
  const kinds = [`${kind.toLowerCase()}s`]
  lint.action(
    async (paths: readonly string[], flags: Omit<Parameters<typeof performLint>[1], 'kinds'>) =>
      shell.exit(await performLint(paths, { ...flags, kinds }, shell)),
  )
  return command
    .addCommand(write('create', kind, shell))
    .addCommand(get(kind, shell))
    .addCommand(list(kind, shell))
    .addCommand(lint)
    .addCommand(write('update', kind, shell))
    .addCommand(remove(kind, shell))
    .addHelpText('after', '\nExit code of each: 0 done, 1 refused, not there, or no server.')
}

/** Connects, and does something with a kind. */
async function on(
  kind: Name,
  flags: RemoteFlags,
  act: (remote: Remote, what: StoredKind) => Promise<void>,
): Promise<void> {
  const { connect } = await import('../remote/connect.ts')
  const { storedKinds } = await import('../remote/stored-kinds.ts')
  using remote = await connect(flags)
  await act(remote, storedKinds[kind])
}

function write(verb: 'create' | 'update', kind: Name, shell: Shell): Command {
  const command = new Command(verb)
    .description(
      verb === 'create' ? 'create what the files hold' : 'replace it by what the files hold',
    )
    .argument('<FILE...>', 'manifests: files, folders, - for standard input')
    .addOption(outputOption(['name', 'json', 'yaml', 'wide']))
  if (kind === 'CronWorkflow') {
    command
      .option('--schedule <schedule>', "instead of the file's")
      .option('-p, --parameter <name=value>', 'an argument of the workflows', collect, [])
      .option('-f, --parameter-file <file>', 'YAML or JSON with arguments by name')
      .option('--entrypoint <template>', 'begin with this template')
      .option('--serviceaccount <name>', 'run the steps as this service account')
      .option('-l, --labels <labels>', 'labels that the workflows get, as a=b,c=d')
      .option('--name <name>', 'instead of metadata.name')
  }
  if (kind === 'CronWorkflow' && verb === 'create')
    command.option('--generate-name <prefix>', 'instead of metadata.generateName')
  return withRemoteFlags(withStrict(command)).action(
    async (files: readonly string[], flags: RemoteFlags & SubmitFlags & { schedule?: string }) => {
      const { writeStored } = await import('../remote/stored.ts')
      const { submitOptions } = await import('../remote/submit-options.ts')
      const { withParametersFile } = await import('../remote/parameters-file.ts')
      const given = await withParametersFile(flags.parameter ?? [], flags.parameterFile)
      const { strict, output, schedule } = flags
      await on(kind, flags, (remote, what) =>
        writeStored(
          remote,
          {
            ...{ verb, what, files },
            flags: {
              ...{ strict, options: submitOptions(flags, given) },
              ...(output && { output }),
              ...(schedule && { schedule }),
            },
          },
          shell,
        ),
      )
      shell.exit(0)
    },
  )
}

function get(kind: Name, shell: Shell): Command {
  const command = new Command('get')
    .description('show by name')
    .argument('<NAME...>')
    .addOption(outputOption(['name', 'json', 'yaml', 'wide']))
  return withRemoteFlags(command).action(
    async (names: readonly string[], flags: RemoteFlags & { output?: ViewFormat }) => {
      const { findStored, storedText } = await import('../remote/stored.ts')
      await on(kind, flags, async (remote, what) => {
        for (const name of names) {
          const object = await findStored(remote, name, what)
          const options = { format: flags.output, now: shell.now() }
          shell.stdout.write(await storedText(object, what, options))
        }
      })
      shell.exit(0)
    },
  )
}

interface ListFlags extends RemoteFlags {
  readonly allNamespaces?: boolean
  readonly selector?: string
  readonly output?: 'wide' | 'name'
}

function list(kind: Name, shell: Shell): Command {
  const command = new Command('list')
    .description('list them')
    .addOption(outputOption(['wide', 'name']))
  command.option('-l, --selector <labels>', 'those with these labels, as a=b,c!=d')
  if (kind !== 'ClusterWorkflowTemplate')
    command.option('-A, --all-namespaces', 'of all namespaces')
  return withRemoteFlags(command).action(async (flags: ListFlags) => {
    const { allNamespaces = false, selector, output } = flags
    await on(kind, flags, async ({ client, namespace }, { resource, table }) => {
      const { items } = await client.list<KubeObject>({
        resource,
        ...(resource.namespaced && !allNamespaces && { namespace }),
        ...(selector && { labelSelector: selector }),
      })
      const names = () => items.map(({ metadata }) => `${metadata.name}\n`).join('')
      const options = { now: shell.now(), namespace: allNamespaces }
      shell.stdout.write(output === 'name' ? names() : table(items, options))
    })
    shell.exit(0)
  })
}

function remove(kind: Name, shell: Shell): Command {
  const command = new Command('delete')
    .description('delete by name')
    .argument('[NAME...]')
    .option('--all', 'all of the namespace')
  return withRemoteFlags(command).action(
    async (given: readonly string[], flags: RemoteFlags & { all?: boolean }) => {
      const { namesOfStored } = await import('../remote/stored.ts')
      const all = flags.all ?? false
      if (given.length === 0 && !all) throw new UsageError('expected a NAME, or --all')
      await on(kind, flags, async (remote, what) => {
        const { resource } = what
        const place = resource.namespaced ? { namespace: remote.namespace } : {}
        for (const name of await namesOfStored(remote, given, { what, all })) {
          await remote.client.remove({ resource, name, ...place })
          shell.stdout.write(`${kind} '${name}' deleted\n`)
        }
      })
      shell.exit(0)
    },
  )
}

function suspension(verb: 'suspend' | 'resume', shell: Shell): Command {
  const command = new Command(verb)
    .description(verb === 'suspend' ? 'let no more of them begin' : 'let them begin again')
    .argument('<NAME...>')
  return withRemoteFlags(command).action(async (names: readonly string[], flags: RemoteFlags) => {
    const body = { spec: { suspend: verb === 'suspend' } }
    await on('CronWorkflow', flags, async ({ client, namespace }, { resource }) => {
      for (const name of names) {
        await client.patch({ resource, namespace, name }, { type: 'merge', body })
        shell.stdout.write(
          `CronWorkflow '${name}' ${verb === 'suspend' ? 'suspended' : 'resumed'}\n`,
        )
      }
    })
    shell.exit(0)
  })
}
