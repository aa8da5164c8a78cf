import { type Backfill, backfill, type CronWorkflow } from '@argosy/engine'
import type { Remote } from './connect.ts'
import { createWorkflow } from './create-workflow.ts'
import { randomSuffix } from './retry.ts'
import { findStored } from './stored.ts'
import { storedKinds } from './stored-kinds.ts'

export interface BackfillFlags {
  readonly name?: string
  readonly start: string
  readonly end?: string
  readonly parallel?: boolean | string
  readonly argname: string
  readonly format: string
  readonly maxworkflowcount: number
}

/** Creates the workflows of a backfill; resolves to what upstream's `argo` says of it. */
export async function createBackfill(
  remote: Remote,
  cronName: string,
  flags: BackfillFlags,
  now: number,
): Promise<string> {
  const cron = (await findStored(remote, cronName, storedKinds.CronWorkflow)) as CronWorkflow
  const { name = randomSuffix(), start, end, argname, format, maxworkflowcount } = flags
  const planned = backfill(cron, {
    ...{ name, start, format, argName: argname, maxWorkflowCount: maxworkflowcount, now },
    parallel: flags.parallel !== undefined && String(flags.parallel) !== 'false',
    ...(end !== undefined && { end }),
  })
  if ('problem' in planned) throw new Error(planned.problem)
  if (planned.ticks === 0) return 'There is no suitable scheduling time.\n'
  const names: string[] = []
  for (const workflow of planned.workflows) {
    const { metadata } = await createWorkflow(remote, workflow, 'none')
    names.push(metadata.name ?? '')
  }
  return told({ name, cronName, planned, names, namespace: cron.metadata.namespace ?? '' })
}

interface Told {
  readonly name: string
  readonly cronName: string
  readonly planned: Backfill
  readonly names: readonly string[]
  readonly namespace: string
}

function told({ name, cronName, planned, names, namespace }: Told): string {
  const line = '='.repeat(50)
  return [
    `Created ${name} Backfill task for Cronworkflow ${cronName} `,
    line,
    'Backfill Period :',
    `Start Time : ${planned.start} `,
    `  End Time : ${planned.end} `,
    `Total Backfill Schedule: ${planned.ticks} `,
    line,
    'Backfill Workflows: ',
    '   NAMESPACE\t WORKFLOW: ',
    ...names.map((one, n) => `${n + 1}. ${namespace} \t ${one} `),
    '',
  ].join('\n')
}
