import { Argument, Command } from 'commander'
import type { Shell } from '../shell/shell.ts'

const more = `
bash: source <(argosy completion bash)
zsh:  argosy completion zsh > "\${fpath[1]}/_argosy"
fish: argosy completion fish > ~/.config/fish/completions/argosy.fish`

/** `argosy completion`. */
export function completionCommand(shell: Shell, all: () => Promise<readonly Command[]>): Command {
  const shells = ['bash', 'zsh', 'fish'] as const
  return new Command('completion')
    .description('print what a shell needs to complete commands')
    .addArgument(new Argument('<SHELL>', 'which one').choices(shells))
    .addHelpText('after', more)
    .action(async (name: (typeof shells)[number]) => {
      const { completion } = await import('../shell/completion.ts')
      shell.stdout.write(completion(await all(), name))
      shell.exit(0)
    })
}
