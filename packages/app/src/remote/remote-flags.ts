import { type Command, Option } from 'commander'
import { globalFlags } from './global-flags.table.ts'

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
  /** `name:value`, with commas between some. */
  readonly header?: readonly string[]
  readonly instanceid?: string
  readonly verbose?: boolean
  readonly loglevel?: string
  readonly logFormat?: string
  readonly server?: string
  readonly cluster?: string
  readonly user?: string
  readonly token?: string
  readonly username?: string
  readonly password?: string
  readonly as?: string
  readonly asGroup?: readonly string[]
  readonly asUid?: string
  readonly certificateAuthority?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
  readonly insecureSkipTlsVerify?: boolean
  readonly tlsServerName?: string
}

/** Adds the flags by which a command finds its server; what it has already means something else there. */
export function withRemoteFlags(command: Command): Command {
  const own = new Set(command.options.map(({ long }) => long))
  for (const { flags, about, many, rare } of globalFlags) {
    const option = new Option(flags, about).hideHelp(rare)
    if (many) option.default([]).argParser(collect)
    if (!own.has(option.long)) command.addOption(option)
  }
  return command
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}
