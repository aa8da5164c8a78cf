import { Command } from 'commander'
import type { OperationFlags, operations } from '../remote/operations.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { withSelectors } from './flags.ts'

interface Flags extends RemoteFlags, OperationFlags {
  readonly selector?: string
  readonly fieldSelector?: string
  readonly dryRun?: boolean
}

const exitCodes = '\nExit code: 0 done, 1 refused, no such workflow or no server.'

/** `argosy stop`: exit handlers still run. */
export function stopCommand(shell: Shell): Command {
  const command = new Command('stop')
    .description('stop workflows; their exit handlers still run')
    .option('--message <text>', 'what the nodes say that are ended')
    .option('--node-field-selector <fields>', 'fail only these waiting nodes, as displayName=x')
    .option('--dry-run', 'only say what would be stopped')
  return acting(withSelectors(command), 'stop', shell)
}

/** `argosy terminate`: exit handlers do not run. */
export function terminateCommand(shell: Shell): Command {
  const command = new Command('terminate')
    .description('end workflows at once, without their exit handlers')
    .option('--dry-run', 'only say what would be terminated')
  return acting(withSelectors(command), 'terminate', shell)
}

/** `argosy suspend`. */
export function suspendCommand(shell: Shell): Command {
  return acting(
    new Command('suspend').description('let nothing new of workflows begin'),
    'suspend',
    shell,
  )
}

/** `argosy resume`. */
export function resumeCommand(shell: Shell): Command {
  const command = new Command('resume')
    .description('let suspended workflows go on')
    .option('--node-field-selector <fields>', 'only these waiting nodes, as displayName=approve')
  return acting(command, 'resume', shell)
}

function acting(command: Command, verb: keyof typeof operations, shell: Shell): Command {
  command
    .argument('[WORKFLOW...]', 'their names; @latest is the newest')
    .addHelpText('after', exitCodes)
  return withRemoteFlags(command).action(async (names: readonly string[], flags: Flags) => {
    const { connect } = await import('../remote/connect.ts')
    const { chosen } = await import('../remote/chosen.ts')
    const { operate, operations } = await import('../remote/operations.ts')
    using remote = await connect(flags)
    const { done } = operations[verb]
    for (const one of await chosen(remote, { ...flags, names }, shell.now())) {
      if (!flags.dryRun) await operate(remote, one, { verb, flags, now: shell.now() })
      shell.stdout.write(`workflow ${one.name} ${done}${flags.dryRun ? ' (dry-run)' : ''}\n`)
    }
    shell.exit(0)
  })
}
