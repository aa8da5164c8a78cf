import { type Command, InvalidArgumentError } from 'commander'
import { collect, wholeNumber } from './flags.ts'
import { port } from './port.ts'

type AuthMode = 'client' | 'server' | 'sso'

/** How `argosy server` serves Argo's API. */
export interface ArgoApiFlags {
  readonly httpPort: number
  readonly baseHref: string
  readonly authMode: readonly AuthMode[]
  readonly secure?: boolean
  readonly tlsCertificateSecretName?: string
  readonly hsts: boolean
  readonly xFrameOptions: string
  readonly accessControlAllowOrigin?: string
  /** 0: none. */
  readonly apiRateLimit: number
  readonly namespaced?: boolean
  readonly instanceid?: string
  readonly managedNamespace?: string
  /** Empty: http and https. */
  readonly allowedLinkProtocol: readonly string[]
}

/** Upstream's flags of `argo server`, and the port that is `-p` there. */
export function withArgoApiFlags(command: Command): Command {
  return command
    .option('--http-port <port>', "port of Argo's API; 0 takes any", port, 2746)
    .option('--base-href <path>', "where Argo's API begins", baseHref, '/')
    .option(
      '--auth-mode <mode>',
      "how Argo's API knows who asks: client, server (everybody is the administrator), sso or hybrid (client and server); may be repeated (default: server on the loopback, else client)",
      authMode,
      [],
    )
    .option('-e, --secure', "speak TLS on the port of Argo's API (default: except on the loopback)")
    .option('--no-secure', "speak plain HTTP on the port of Argo's API")
    .option(
      '--tls-certificate-secret-name <secret>',
      'secret in the namespace argo with tls.crt and tls.key; else a certificate of our own authority',
    )
    .option('--hsts', 'tell browsers to come by TLS only, where TLS is spoken', true)
    .option('--no-hsts', 'do not tell them')
    .option(
      '--x-frame-options <value>',
      "who may show our pages in theirs; '': nothing is said",
      'DENY',
    )
    .option(
      '--access-control-allow-origin <origin>',
      "the site whose pages may ask Argo's API, by a token; *: of all sites, not in mode server",
      origin,
    )
    .option(
      '--api-rate-limit <number>',
      "so many requests per second of one address are answered by Argo's API; 0: all",
      wholeNumber,
      1000,
    )
    .option('--namespaced', "Argo's API is for one namespace: argo, or --managed-namespace")
    .option('--managed-namespace <namespace>', 'with --namespaced: which one', namespace)
    .option(
      '--instanceid <id>',
      "act only on, and show only, what has this id in its label controller-instanceid, and give it to what is created (default: instanceID of the controller's ConfigMap; else only what has no such label)",
    )
    .option(
      '--allowed-link-protocol <protocol>',
      'of the links that pages show; may be repeated (default: http and https)',
      collect,
      [],
    )
}

function baseHref(text: string): string {
  if (/^\/[-\w./~]*$/.test(text)) return text
  throw new InvalidArgumentError('expected a path that begins with /')
}

function origin(text: string): string {
  if (text === '*' || (URL.canParse(text) && new URL(text).origin === text)) return text
  throw new InvalidArgumentError('expected *, or a site as https://host:port')
}

function authMode(text: string, before: readonly AuthMode[]): readonly AuthMode[] {
  if (text === 'client' || text === 'server' || text === 'sso') return [...before, text]
  if (text === 'hybrid') return [...before, 'client', 'server']
  throw new InvalidArgumentError('expected client, server, sso or hybrid')
}

function namespace(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text
  throw new InvalidArgumentError(
    'expected the name of a namespace: lower case letters, digits and -',
  )
}
