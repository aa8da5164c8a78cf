import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { defaultDataDir, folder } from './data-folder.ts'

interface Flags {
  readonly dataDir: string
  readonly node?: string
}

/** `argosy kubeconfig`: what kubectl, or a node, needs to reach the server of a data directory. */
export function kubeconfigCommand(exit: (code: number) => void): Command {
  return new Command('kubeconfig')
    .description('print the kubeconfig of a server')
    .option('--data-dir <dir>', "the server's data directory", folder, defaultDataDir())
    .option('--node <name>', 'for a node of this name, with its rights only')
    .action(async ({ dataDir, node }: Flags) => {
      const path = join(dataDir, 'kubeconfig')
      const text = await readFile(path, 'utf8').catch(() => undefined)
      if (text === undefined) {
        process.stderr.write(
          `argosy: there is no ${path}: start \`argosy server --data-dir ${dataDir}\` first\n`,
        )
        exit(1)
        return
      }
      process.stdout.write(node === undefined ? text : await forNode(dataDir, node))
      exit(0)
    })
}

async function forNode(dataDir: string, name: string): Promise<string> {
  if (!/^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$/.test(name))
    throw new Error(`--node ${name}: a node's name is lower case letters, digits, - and .`)
  const { readContext } = await import('@argosy/kube/remote')
  const { nodeKubeconfigText } = await import('../server/node-kubeconfig.ts')
  const { access } = await readContext({ kubeconfig: join(dataDir, 'kubeconfig') })
  return nodeKubeconfigText(dataDir, { url: access.server, ca: access.ca ?? '', name })
}
