import { Command, InvalidArgumentError, Option } from 'commander'
import type { RuntimeChoice } from '../node/choose-runtime.ts'
import type { LogFormat } from '../output/log-lines.ts'
import { type ArgoApiFlags, withArgoApiFlags } from './argo-api-flags.ts'
import { fromArgoEnvironment } from './argo-environment.ts'
import { defaultDataDir, folder } from './data-folder.ts'
import { countOf } from './flags.ts'
import { port } from './port.ts'

interface Flags extends ArgoApiFlags {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly logFormat: LogFormat
  readonly loglevel: 'debug' | 'info'
  readonly metricsPort?: number
  readonly archive?: string
  readonly runtime: RuntimeChoice
  readonly images?: string
  readonly controllers: boolean
  readonly node: boolean
  readonly maxPods: number
  readonly artifactsDir?: string
}

const more = `
What is a flag of \`argo server\` may be said by its variable, as ARGO_BASE_HREF for --base-href.
The kubeconfig is <data-dir>/kubeconfig; \`argosy kubeconfig\` prints it. SIGTERM and Ctrl-C end the server when what it
is answering is answered; running steps go on, and the next start takes them up again.`

/** `argosy server`: everything on this machine, behind Kubernetes' API. */
export function serverCommand(exit: (code: number) => void): Command {
  const command = new Command('server')
    .description('serve the Kubernetes API, and run the Workflows that come')
    .option(
      '--data-dir <dir>',
      'where everything is kept (default: ~/.argosy)',
      folder,
      defaultDataDir(),
    )
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes any', port, 6443)
    .option(
      '--metrics-port <port>',
      "metrics over HTTP, without a token, on this port too; 0 takes any (default: only /metrics of Argo's API)",
      port,
    )
    .addOption(
      new Option('--log-format <format>', 'of what is said on standard error')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(
      new Option('--loglevel <level>', "debug: also every request to Argo's API")
        .choices(['debug', 'info'])
        .default('info'),
    )
    .addOption(
      new Option(
        '--archive <url>',
        'keep runs that have ended in this PostgreSQL, as postgres://user:password@host/database (default: a file)',
      )
        .env('ARGOSY_ARCHIVE')
        .argParser(archiveUrl),
    )
    .addOption(
      new Option('--runtime <runtime>', 'what runs the steps')
        .choices(['auto', 'sandbox', 'process', 'docker'])
        .default('auto'),
    )
    .option(
      '--no-controllers',
      'act on nothing but pods: leave Workflows to `argosy controller` or another one, Jobs, Deployments and Services to whoever you start',
    )
    .option('--max-pods <count>', 'pods that may be here at once', countOf, 110)
    .option('--no-node', 'leave pods to `argosy node`, in a process of its own')
    .option(
      '--artifacts-dir <dir>',
      'where the disk driver keeps artifacts (default: in the data directory)',
      folder,
    )
    .option('--images <file>', 'image map: what plays which image here')
    .addHelpText('after', more)
  return withArgoApiFlags(command).action(async () => {
    fromArgoEnvironment(command, process.env)
    const { serve } = await import('../server/serve.ts')
    const flags = command.opts<Flags>()
    const { authMode: authModes, secure } = flags
    exit(await serve({ ...flags, authModes, secure }, process))
  })
}

/** The argument of --archive. */
export function archiveUrl(text: string): string {
  if (/^postgres(?:ql)?:\/\/.+/.test(text) && URL.canParse(text)) return text
  throw new InvalidArgumentError('expected postgres://user:password@host/database')
}
