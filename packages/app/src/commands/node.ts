import { Command, Option } from 'commander'
import type { NodeFlags } from '../node/run-node.ts'
import type { SetFlags } from '../remote/operations.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { defaultDataDir, folder } from './data-folder.ts'
import { collect, wholeNumber } from './flags.ts'
import { port } from './port.ts'

/** `argosy node set`: what waiting nodes end with. */
export function nodeCommand(shell: Shell): Command {
  const set = new Command('set')
    .description('give waiting nodes a phase, a message, or the outputs they wait for')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .option('--node-field-selector <fields>', 'which nodes, as displayName=approve')
    .option('--phase <phase>', 'Succeeded, Failed or Error')
    .option('-m, --message <text>', 'what the node says')
    .option('-p, --output-parameter <name=value>', 'an output that is supplied', collect, [])
    .addHelpText('after', '\nExit code: 0 set, 1 refused, no such workflow or no server.')
  withRemoteFlags(set).action(async (name: string, flags: SetFlags & RemoteFlags) => {
    const { connect } = await import('../remote/connect.ts')
    const { setNodes } = await import('../remote/operations.ts')
    using remote = await connect(flags)
    const { namespace } = remote
    await setNodes(remote, { namespace, name }, { flags, now: shell.now() })
    shell.stdout.write('workflow values set\n')
    shell.exit(0)
  })
  return machineCommand(shell).addCommand(set)
}

const more = `
With --kubeconfig it runs pods until a signal ends it; running steps go on then, and the next start takes them up
again. Without it, it only has the command below.`

/** `argosy node --kubeconfig FILE`: a machine that runs pods for a server somewhere. */
function machineCommand({ exit, stdout, stderr }: Shell): Command {
  const command = new Command('node')
  command
    .description('run the pods of a Kubernetes on this machine; or act on nodes of a workflow')
    .option('--kubeconfig <file>', "the node's: `argosy server --no-node` writes one")
    .option('--context <name>', 'which context of the kubeconfig')
    .option('--data-dir <dir>', 'where everything is kept', folder, `${defaultDataDir()}-node`)
    .option(
      '--artifacts-dir <dir>',
      "where the disk driver keeps artifacts (default: in the data directory); the server's, when it is on this machine",
    )
    .option('--node-name <name>', 'default: that of the certificate, else the host name')
    .option('--address <address>', 'where the server reaches this node', '127.0.0.1')
    .option('--node-port <port>', 'port for logs and streams; 0 takes any', port, 0)
    .option('--max-pods <count>', 'pods that may be here at once', wholeNumber, 110)
    .addOption(
      new Option('--runtime <runtime>', 'what runs the steps')
        .choices(['auto', 'sandbox', 'process', 'docker'])
        .default('auto'),
    )
    .option('--images <file>', 'image map: what plays which image here')
    .option(
      '--hide <path>',
      'what containers with the files of this machine do not see; ~/.argosy and the kubeconfig anyhow',
      collect,
      [],
    )
    .addHelpText('after', more)
    .action(async (flags: Omit<NodeFlags, 'kubeconfig'> & { kubeconfig?: string }) => {
      const { kubeconfig } = flags
      if (kubeconfig === undefined) return command.help()
      const { runNode } = await import('../node/run-node.ts')
      exit(await runNode({ ...flags, kubeconfig }, { stdout, stderr }))
    })
  return command
}
