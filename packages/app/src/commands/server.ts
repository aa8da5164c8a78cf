import { Command, InvalidArgumentError, Option } from 'commander'
import type { RuntimeChoice } from '../embedded.ts'

interface Flags {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly runtime: RuntimeChoice
  readonly images?: string
}

const more = `
The kubeconfig is <data-dir>/kubeconfig; \`argosy kubeconfig\` prints it. SIGTERM and Ctrl-C end the server when what it
is answering is answered; running steps go on, and the next start takes them up again.`

/** `argosy server`: everything on this machine, behind Kubernetes' API. */
export function serverCommand(exit: (code: number) => void): Command {
  return new Command('server')
    .description('serve the Kubernetes API, and run the Workflows that come')
    .option('--data-dir <dir>', 'where everything is kept (default: ~/.argosy)', defaultDataDir())
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes any', port, 6443)
    .addOption(
      new Option('--runtime <runtime>', 'what runs the steps')
        .choices(['auto', 'sandbox', 'process'])
        .default('auto'),
    )
    .option('--images <file>', 'image map: what plays which image here')
    .addHelpText('after', more)
    .action(async (flags: Flags) => {
      const { serve } = await import('../server/serve.ts')
      exit(await serve(flags, process))
    })
}

/** Where a server keeps things when nobody says otherwise. */
export function defaultDataDir(): string {
  return `${process.env['HOME'] ?? '.'}/.argosy`
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text)
  throw new InvalidArgumentError('expected a port, 0 to 65535')
}
