import { Command } from 'commander'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { SubmitFlags } from '../remote/submit-options.ts'
import type { Shell } from '../shell/shell.ts'
import { collect, outputOption, wholeNumber, withStrict } from './flags.ts'

const more = `
Exit code: 0 submitted (with --wait: and succeeded), 1 refused, or failed while waited for, 2 wrong command line.
Everything is checked before it is written, as the server of Argo does.`

/** `argosy submit`: from files, or from what the server has. */
export function submitCommand(shell: Shell): Command {
  const command = new Command('submit')
    .description('submit workflows to a server')
    .argument('[FILE...]', 'manifests: files, folders, - for standard input')
    .option('--from <kind/name>', 'from what the server has, as cronwf/nightly, workflowtemplate/x')
    .option('-p, --parameter <name=value>', 'an argument of the workflow', collect, [])
    .option('-f, --parameter-file <file>', 'YAML or JSON with arguments by name')
    .option('--name <name>', 'instead of metadata.name')
    .option('--generate-name <prefix>', 'instead of metadata.generateName')
    .option('--entrypoint <template>', 'begin with this template')
    .option('--serviceaccount <name>', 'run the steps as this service account')
    .option('-l, --labels <labels>', 'labels to add, as a=b,c=d')
    .option('--annotations <annotations>', 'annotations to add, as a=b,c=d')
    .option('--priority <number>', 'the higher comes first', wholeNumber)
    .option('--scheduled-time <time>', 'with --from: what workflow.scheduledTime is (RFC 3339)')
    .option('--dry-run', 'only check, and print what would be submitted; needs -o')
    .option('--server-dry-run', 'the same, by the server; needs -o')
    .addOption(outputOption(['name', 'json', 'yaml', 'wide']))
    .option('-w, --wait', 'until the workflows have ended; fails when one of them does')
    .option('--watch', 'show the workflow until it has ended')
    .option('--log', 'show what its steps write until it has ended')
    .option('--node-field-selector <fields>', 'with --watch: only these nodes, as phase=Failed')
    .option('--status <phase>', 'with --watch: only nodes in this phase')
    .addHelpText('after', more)
  return withRemoteFlags(withStrict(command)).action(
    async (files: readonly string[], flags: SubmitFlags & RemoteFlags) => {
      const { connect } = await import('../remote/connect.ts')
      const { submitAll } = await import('../remote/submit-all.ts')
      const { checkSubmitFlags } = await import('../remote/submit-options.ts')
      checkSubmitFlags(files, flags)
      using remote = await connect(flags)
      shell.exit(await submitAll(remote, { files, flags }, shell))
    },
  )
}
