/** A flag of every command that asks a server; it may also stand before the command. */
export interface GlobalFlag {
  readonly flags: string
  readonly about: string
  /** It may be given more than once. */
  readonly many?: true
  /** Few need it: docs/cli.md tells of it, help does not. */
  readonly rare?: true
}

export const globalFlags: readonly GlobalFlag[] = [
  { flags: '-n, --namespace <namespace>', about: "default: the context's" },
  { flags: '--context <name>', about: 'which context of the kubeconfig' },
  {
    flags: '--kubeconfig <file>',
    about: 'default: $KUBECONFIG, ~/.kube/config, then ~/.argosy/kubeconfig',
  },
  {
    flags: '-s, --argo-server <host:port>',
    about: 'ask this Argo Server instead; default: $ARGO_SERVER',
  },
  {
    flags: '--argo-base-href <path>',
    about: 'the path below which it is served; default: $ARGO_BASE_HREF',
  },
  { flags: '-e, --secure', about: 'it is asked by HTTPS, unless $ARGO_SECURE is false' },
  { flags: '--no-secure', about: 'it is asked by HTTP' },
  {
    flags: '-k, --insecure-skip-verify',
    about: 'its certificate is not looked at; default: $ARGO_INSECURE_SKIP_VERIFY',
  },
  // Upstream's client needs to be told; ours speaks HTTP/1 anyhow.
  { flags: '--argo-http1', about: 'an Argo Server is asked by HTTP/1: always so', rare: true },
  {
    flags: '-H, --header <name:value>',
    about: 'a header of each request to an Argo Server; may be repeated, or have commas',
    ...{ many: true, rare: true },
  },
  {
    flags: '--instanceid <id>',
    about:
      'only what has this id of a controller, and what is created gets it; default: $ARGO_INSTANCEID; an Argo Server has its own',
    rare: true,
  },
  {
    flags: '-v, --verbose',
    about: 'say on standard error what is asked, and how it is answered',
    rare: true,
  },
  {
    flags: '--loglevel <level>',
    about: 'debug is --verbose; info, warn and error say nothing more',
    rare: true,
  },
  { flags: '--log-format <format>', about: 'of what --verbose says: text or json', rare: true },
  {
    flags: '--server <url>',
    about: "the Kubernetes API's address, instead of the kubeconfig's",
    rare: true,
  },
  { flags: '--cluster <name>', about: "which cluster, instead of the context's", rare: true },
  { flags: '--user <name>', about: "which user, instead of the context's", rare: true },
  { flags: '--token <token>', about: 'the bearer token to show', rare: true },
  { flags: '--username <name>', about: 'for basic authentication', rare: true },
  { flags: '--password <password>', about: 'for basic authentication', rare: true },
  { flags: '--as <user>', about: 'act as this user', rare: true },
  {
    flags: '--as-group <group>',
    about: 'act as a member of this group; may be repeated',
    ...{ many: true, rare: true },
  },
  { flags: '--as-uid <uid>', about: 'act as who has this uid', rare: true },
  {
    flags: '--certificate-authority <file>',
    about: "who signed the server's certificate",
    rare: true,
  },
  { flags: '--client-certificate <file>', about: 'who asks; with --client-key', rare: true },
  { flags: '--client-key <file>', about: 'of --client-certificate', rare: true },
  {
    flags: '--insecure-skip-tls-verify',
    about: "the Kubernetes API's certificate is not looked at",
    rare: true,
  },
  {
    flags: '--tls-server-name <name>',
    about: "what the server's certificate is for, if not its host",
    rare: true,
  },
  {
    flags: '--disable-compression',
    about: 'answers are not asked for in compressed form: never so',
    rare: true,
  },
]
