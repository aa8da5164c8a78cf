import type { Command } from 'commander'

/** The flags of every command that asks a server. */
export interface RemoteFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
}

/** Adds the flags by which a command finds its server. */
export function withRemoteFlags(command: Command): Command {
  return command
    .option('-n, --namespace <namespace>', "default: the context's")
    .option('--context <name>', 'which context of the kubeconfig')
    .option(
      '--kubeconfig <file>',
      'default: $KUBECONFIG, ~/.kube/config, then ~/.argosy/kubeconfig',
    )
}
