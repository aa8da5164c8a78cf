import { Command } from 'commander'
import type { Afterwards } from '../remote/afterwards.ts'
import type { ViewFormat } from '../remote/print-workflow.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { wholeNumber, withRerunFlags, withSelectors } from './flags.ts'

interface Flags extends RemoteFlags, Afterwards {
  readonly parameter: readonly string[]
  readonly selector?: string
  readonly fieldSelector?: string
  readonly output?: ViewFormat
}

interface RetryFlags extends Flags {
  readonly restartSuccessful?: boolean
  readonly nodeFieldSelector?: string
}

interface ResubmitFlags extends Flags {
  readonly memoized?: boolean
  readonly priority?: number
}

const exitCodes = `
Exit code: 0 done (with --wait: and succeeded), 1 refused, or failed while waited for. --wait, --watch and --log are for
a single workflow.`

/** `argosy retry`: the same workflow again, where it failed. */
export function retryCommand(shell: Shell): Command {
  const command = new Command('retry')
    .description('run the failed steps of workflows again')
    .option(
      '--restart-successful',
      'also these nodes, though they succeeded: --node-field-selector',
    )
    .option('--node-field-selector <fields>', 'which nodes, as id=x,templateName=y')
  return withAgainFlags(command).action(async (names: readonly string[], flags: RetryFlags) => {
    const { connect } = await import('../remote/connect.ts')
    const { again } = await import('../remote/again.ts')
    const { retry } = await import('../remote/retry.ts')
    using remote = await connect(flags)
    const { parameter: parameters, restartSuccessful = false, nodeFieldSelector = '' } = flags
    const options = { now: shell.now(), parameters, restartSuccessful, nodeFieldSelector }
    const request = { choice: { ...flags, names }, flags }
    shell.exit(await again(remote, request, shell, (name) => retry(remote, name, options)))
  })
}

/** `argosy resubmit`: a new workflow like the old one. */
export function resubmitCommand(shell: Shell): Command {
  const command = new Command('resubmit')
    .description('submit workflows once more')
    .option('--memoized', 'take over what succeeded; the name gets a random end')
    .option('--priority <number>', 'instead of the old one; the higher comes first', wholeNumber)
  return withAgainFlags(command).action(async (names: readonly string[], flags: ResubmitFlags) => {
    const { connect } = await import('../remote/connect.ts')
    const { again } = await import('../remote/again.ts')
    const { randomSuffix, resubmit } = await import('../remote/retry.ts')
    using remote = await connect(flags)
    const { parameter: parameters, memoized = false, priority } = flags
    const request = { choice: { ...flags, names }, flags }
    const code = await again(remote, request, shell, (name) =>
      resubmit(remote, name, {
        ...{ now: shell.now(), parameters, memoized, suffix: randomSuffix() },
        ...(priority !== undefined && { priority }),
      }),
    )
    shell.exit(code)
  })
}

function withAgainFlags(command: Command): Command {
  command
    .argument('[WORKFLOW...]', 'their names; @latest is the newest')
    .addHelpText('after', exitCodes)
  return withRemoteFlags(withSelectors(withRerunFlags(command)))
}
