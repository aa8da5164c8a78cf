const advance = 'packages/engine/src/cron/advance-cron.test.ts'
const operator = 'test/operator/cron-operator.test.ts'
const made = `${advance}: a due one makes a workflow with its name, owner and time`
const wrong = `${operator}: says what is wrong, and runs once it is right`
const stops = `${advance}: it stops when its condition is true`
const history = `${operator}: keeps no more finished runs than it should`
const missed = `${advance}: one that stood back for another is made up for when that has ended`

/** The fields of a CronWorkflow, which only a server runs, and the tests that hold them. */
export const cronFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CronWorkflow: {
    apiVersion: made,
    kind: made,
    metadata: made,
    spec: made,
    status: `${operator}: makes a run each minute, notes it, and counts how it ended`,
  },
  CronWorkflowSpec: {
    concurrencyPolicy: `${operator}: ends the run that is replaced`,
    failedJobsHistoryLimit: `${advance}: workflows of others are left alone`,
    schedules: wrong,
    startingDeadlineSeconds: missed,
    stopStrategy: stops,
    successfulJobsHistoryLimit: history,
    suspend: `${advance}: suspended ones do not`,
    timezone: `${advance}: in the time zone of the schedule`,
    when: `${advance}: a when that is true`,
    workflowMetadata:
      'packages/engine/src/cron/workflow-of-cron.test.ts: a workflow has what workflowMetadata gives it',
    workflowSpec: made,
  },
  StopStrategy: { expression: stops },
}
