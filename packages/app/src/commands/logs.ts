import { compileRegexp, type GoRegexp } from '@argosy/engine'
import { Command, InvalidArgumentError } from 'commander'
import { durationMs } from '../output/duration.ts'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'
import type { Shell } from '../shell/shell.ts'
import { UsageError } from '../shell/usage-error.ts'
import { wholeNumber } from './flags.ts'

interface Flags extends RemoteFlags {
  readonly container: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly since?: number
  readonly sinceTime?: string
  readonly tail?: number
  readonly grep?: GoRegexp
  readonly selector?: string
  readonly timestamps?: boolean
  readonly color: boolean
  readonly allContainers?: boolean
  readonly allAttempts?: boolean
}

/** `argosy logs`. */
export function logsCommand(shell: Shell): Command {
  const command = new Command('logs')
    .description('show what the steps of a workflow wrote')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .argument('[POD]', 'only of this pod')
    .option('-c, --container <name>', 'of this container', 'main')
    .option('--all-containers', "of every container, with its name; asks Argo's API")
    .option('--all-attempts', "also of attempts before the last one; asks Argo's API")
    .option('-f, --follow', 'as it is written, until the workflow has ended')
    .option('-p, --previous', 'of the container that ran before the last restart')
    .option('--since <time>', 'only what is newer, as 5s, 2m, 3h', seconds)
    .option('--since-time <time>', 'only what is newer than this (RFC 3339)', time)
    .option('--tail <lines>', 'only the last lines of each pod; all when negative', wholeNumber)
    .option('--grep <pattern>', 'only lines that match this regular expression (RE2)', pattern)
    .option('-l, --selector <labels>', 'only of pods with these labels')
    .option('--timestamps', 'with the time of each line')
    .option('--no-color', 'without colours')
    .addHelpText('after', '\nExit code: 0 shown, 1 no such workflow or no server.')
  return withRemoteFlags(command).action(
    async (name: string, pod: string | undefined, flags: Flags) => {
      if (flags.since !== undefined && flags.sinceTime !== undefined) {
        throw new UsageError('--since-time and --since cannot be used together')
      }
      const { connect } = await import('../remote/connect.ts')
      const { allLogs } = await import('../remote/all-logs.ts')
      const { logLines } = await import('../remote/log-lines.ts')
      using remote = await connect(flags)
      const query = { ...queryOf(flags), ...(pod !== undefined && { pod }) }
      await allLogs(remote, { name, query, write: logLines(shell.stdout, !flags.color) }, shell)
      shell.exit(0)
    },
  )
}

function queryOf(flags: Flags) {
  const { container, follow = false, previous = false, timestamps = false } = flags
  const { since, sinceTime, tail = -1, grep, selector } = flags
  const { allContainers = false, allAttempts = false } = flags
  return {
    ...{ container, follow, previous, timestamps, allContainers, allAttempts },
    ...(since !== undefined && { sinceSeconds: since }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tail >= 0 && { tailLines: tail }),
    ...(grep && { grep }),
    ...(selector && { selector }),
  }
}

function seconds(text: string): number {
  const ms = durationMs(text)
  if (ms === undefined) throw new InvalidArgumentError('expected a time as 5s, 2m or 3h')
  return Math.max(1, Math.floor(ms / 1000))
}

function time(text: string): string {
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('expected a time as 2026-01-02T15:04:05Z')
}

/** The same language here and at the server. */
function pattern(text: string): GoRegexp {
  const compiled = compileRegexp(text)
  if ('error' in compiled) throw new InvalidArgumentError(compiled.error)
  return compiled
}
