import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { defaultDataDir } from './server.ts'

/** `argosy kubeconfig`: what kubectl needs to reach the server of a data directory. */
export function kubeconfigCommand(exit: (code: number) => void): Command {
  return new Command('kubeconfig')
    .description('print the kubeconfig of a server')
    .option('--data-dir <dir>', "the server's data directory", defaultDataDir())
    .action(async ({ dataDir }: { readonly dataDir: string }) => {
      const path = join(dataDir, 'kubeconfig')
      const text = await readFile(path, 'utf8').catch(() => undefined)
      if (text === undefined) {
        process.stderr.write(
          `argosy: there is no ${path}: start \`argosy server --data-dir ${dataDir}\` first\n`,
        )
        exit(1)
        return
      }
      process.stdout.write(text)
      exit(0)
    })
}
