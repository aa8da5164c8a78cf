import { Command } from 'commander'
import type { DebugFlags } from '../remote/debug-step.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'

const more = `
The copy has the image, variables, volumes and inputs of the step, and runs a shell instead of its program. It reports
nothing to its workflow, and is deleted when the shell ends. The step's own pod must be there still.
Exit code: the shell's or the command's; 1 no such step, its pod is gone, or no server.`

/** `argosy debug`. */
export function debugCommand(shell: Shell): Command {
  const command = new Command('debug')
    .description('a shell in a copy of a step: its image, variables, volumes and inputs')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .argument('[STEP]', 'its name, id or pod; default: the one that failed last')
    .option('-c, --container <name>', 'of a container set: which', 'main')
    .option('--command <text>', 'runs this by sh instead, and shows what it says')
    .option('--image <name>', "instead of the step's")
    .addHelpText('after', more)
  return withRemoteFlags(command).action(
    async (name: string, step: string | undefined, flags: DebugFlags & RemoteFlags) => {
      const { connect } = await import('../remote/connect.ts')
      const { debugStep } = await import('../remote/debug-step.ts')
      using remote = await connect(flags)
      shell.exit(await debugStep(remote, { name, step, flags }, shell))
    },
  )
}
