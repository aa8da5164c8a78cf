import type { SubmitOptions } from '@argosy/engine'
import { UsageError } from '../shell/usage-error.ts'
import type { Rehearsal } from './create-workflow.ts'
import type { ViewFormat } from './print-workflow.ts'

/** What `argosy submit` was told. */
export interface SubmitFlags {
  readonly from?: string
  readonly parameter: readonly string[]
  readonly parameterFile?: string
  readonly name?: string
  readonly generateName?: string
  readonly entrypoint?: string
  readonly serviceaccount?: string
  readonly labels?: string
  readonly annotations?: string
  readonly priority?: number
  readonly scheduledTime?: string
  readonly dryRun?: boolean
  readonly serverDryRun?: boolean
  readonly output?: ViewFormat
  readonly wait?: boolean
  readonly watch?: boolean
  readonly log?: boolean
  readonly strict: boolean
  readonly nodeFieldSelector?: string
  readonly status?: string
}

/** Throws what cannot be meant together, in upstream's words. */
export function checkSubmitFlags(files: readonly string[], flags: SubmitFlags): void {
  const { from, wait, watch, dryRun, serverDryRun, output } = flags
  const wrong: readonly (readonly [boolean | undefined, string])[] = [
    [from !== undefined && files.length > 0, 'cannot combine --from with file arguments'],
    [from === undefined && files.length === 0, 'expected a FILE to submit, or --from kind/name'],
    [wait && watch, '--wait cannot be combined with --watch'],
    [watch && dryRun, '--watch cannot be combined with --dry-run'],
    [watch && serverDryRun, '--watch cannot be combined with --server-dry-run'],
    [wait && dryRun, '--wait cannot be combined with --dry-run'],
    [wait && serverDryRun, '--wait cannot be combined with --server-dry-run'],
    [dryRun && !output, '--dry-run should have an output option'],
    [dryRun && serverDryRun, '--dry-run cannot be combined with --server-dry-run'],
    [serverDryRun && !output, '--server-dry-run should have an output option'],
    [flags.scheduledTime !== undefined && !from, '--scheduled-time is for --from'],
    [
      !isTime(flags.scheduledTime),
      'scheduled-time contains invalid time.RFC3339 format. (e.g.: `2006-01-02T15:04:05-07:00`)',
    ],
  ]
  const found = wrong.find(([isWrong]) => isWrong)
  if (found) throw new UsageError(found[1])
}

function isTime(text = '2000-01-01T00:00:00Z'): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
}

export function rehearsalOf({ dryRun, serverDryRun }: SubmitFlags): Rehearsal {
  return dryRun ? 'client' : serverDryRun ? 'server' : 'none'
}

/** The engine's options; `parameters` are all of them, from wherever. */
export function submitOptions(flags: SubmitFlags, parameters: readonly string[]): SubmitOptions {
  const scheduled =
    flags.scheduledTime && `workflows.argoproj.io/scheduled-time=${flags.scheduledTime}`
  const annotations = [flags.annotations, scheduled].filter((one) => one).join(',')
  return {
    parameters,
    ...(flags.name && { name: flags.name }),
    ...(flags.generateName && { generateName: flags.generateName }),
    ...(flags.entrypoint && { entrypoint: flags.entrypoint }),
    ...(flags.serviceaccount && { serviceAccount: flags.serviceaccount }),
    ...(flags.labels && { labels: flags.labels }),
    ...(annotations && { annotations }),
    ...(flags.priority !== undefined && { priority: flags.priority }),
  }
}
