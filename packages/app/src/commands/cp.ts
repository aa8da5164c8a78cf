import { Command } from 'commander'
import type { CopyFlags } from '../remote/copy-artifacts.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { defaultDataDir, folder } from './data-folder.ts'

const more = `
Artifacts are read from where they are: the Secrets of their repository must be readable, and artifacts on the disk of a
server are looked for in its data directory.
Exit code: 0 copied (also when there is none), 1 not there, not readable, or no server.`

/** `argosy cp`. */
export function cpCommand(shell: Shell): Command {
  const command = new Command('cp')
    .description('copy the output artifacts of a workflow')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .argument('<FOLDER>', 'where to')
    .option('--node-id <id>', 'only of this node')
    .option('--template-name <name>', 'only of nodes of this template')
    .option('--artifact-name <name>', 'only artifacts of this name')
    .option(
      '--path <path>',
      'below the folder; there is also {templateName}',
      '{namespace}/{workflowName}/{nodeId}/outputs/{artifactName}',
    )
    .option('--data-dir <dir>', "the server's data directory", folder, defaultDataDir())
    .addHelpText('after', more)
  return withRemoteFlags(command).action(
    async (name: string, folder: string, flags: CopyFlags & RemoteFlags) => {
      const { connect } = await import('../remote/connect.ts')
      const { copyArtifacts } = await import('../remote/copy-artifacts.ts')
      using remote = await connect(flags)
      await copyArtifacts(remote, { name, folder, flags }, shell)
      shell.exit(0)
    },
  )
}
