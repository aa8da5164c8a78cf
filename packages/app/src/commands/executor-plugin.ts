import { Command } from 'commander'
import type { Shell } from '../shell/shell.ts'

const more = `
DIR holds plugin.yaml, of kind ExecutorPlugin; the text of a server.* beside it becomes the argument of its container.
DIR/NAME-executor-plugin-configmap.yaml and DIR/README.md are written, in place of older ones that it made.

Exit code: 0 written, 1 no plugin, 2 wrong command line.`

/** `argosy executor-plugin`. */
export function executorPluginCommand(shell: Shell): Command {
  const build = new Command('build')
    .description('make the ConfigMap of an executor plugin')
    .argument('<DIR>', 'where the plugin is')
    .addHelpText('after', more)
    .action(async (directory: string) => {
      const { buildPlugin } = await import('../input/build-plugin.ts')
      for (const path of await buildPlugin(directory)) shell.stdout.write(`${path} created\n`)
      shell.exit(0)
    })
  return new Command('executor-plugin').description('make executor plugins').addCommand(build)
}
