import { Command } from 'commander'
import type { ViewFormat } from '../remote/print-workflow.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { outputOption } from './flags.ts'

interface Flags extends RemoteFlags {
  readonly output?: ViewFormat
  readonly color: boolean
  readonly utf8: boolean
  readonly nodeFieldSelector?: string
  readonly status?: string
}

/** `argosy get`. */
export function getCommand(shell: Shell): Command {
  const command = new Command('get')
    .description('show a workflow and its steps')
    .argument('<WORKFLOW...>', 'its name; @latest is the newest')
    .addOption(outputOption(['name', 'json', 'yaml', 'short', 'wide']))
    .option('--no-color', 'without colours')
    .option('--no-utf8', 'only letters that every terminal has')
    .option('--node-field-selector <fields>', 'only these nodes, as phase=Failed')
    .option('--status <phase>', 'only nodes in this phase')
    .addHelpText('after', '\nExit code: 0 shown, 1 no such workflow or no server.')
  return withRemoteFlags(command).action(async (names: readonly string[], flags: Flags) => {
    const { connect } = await import('../remote/connect.ts')
    const { findWorkflow } = await import('../remote/find-workflow.ts')
    const { nodeSelector } = await import('../remote/node-selector.ts')
    const { workflowText } = await import('../remote/print-workflow.ts')
    const { paintFor, plain } = await import('../output/paint.ts')
    const select = nodeSelector(flags.nodeFieldSelector, flags.status)
    using remote = await connect(flags)
    for (const name of names) {
      const workflow = await findWorkflow(remote, name)
      const text = await workflowText(workflow, {
        ...{ format: flags.output, now: shell.now(), utf8: flags.utf8 },
        paint: flags.color ? paintFor(shell.stdout) : plain,
        ...(select && { select }),
      })
      shell.stdout.write(text)
    }
    shell.exit(0)
  })
}
