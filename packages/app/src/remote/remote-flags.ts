import { type Command, Option } from 'commander'

/** The flags of every command that asks a server. */
export interface RemoteFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
  /** HOST:PORT of an Argo Server, which is asked instead of a Kubernetes API. */
  readonly argoServer?: string
  readonly argoBaseHref?: string
  readonly secure?: boolean
  readonly insecureSkipVerify?: boolean
}

/** Adds the flags by which a command finds its server. */
export function withRemoteFlags(command: Command): Command {
  return (
    command
      .option('-n, --namespace <namespace>', "default: the context's")
      .option('--context <name>', 'which context of the kubeconfig')
      .option(
        '--kubeconfig <file>',
        'default: $KUBECONFIG, ~/.kube/config, then ~/.argosy/kubeconfig',
      )
      .option(
        '-s, --argo-server <host:port>',
        'ask this Argo Server instead; default: $ARGO_SERVER',
      )
      .option(
        '--argo-base-href <path>',
        'the path below which it is served; default: $ARGO_BASE_HREF',
      )
      .option('-e, --secure', 'it is asked by HTTPS, unless $ARGO_SECURE is false')
      .option('--no-secure', 'it is asked by HTTP')
      .option(
        '-k, --insecure-skip-verify',
        'its certificate is not looked at; default: $ARGO_INSECURE_SKIP_VERIFY',
      )
      // Upstream's client needs to be told; ours speaks HTTP/1 anyhow.
      .addOption(new Option('--argo-http1').hideHelp())
  )
}
