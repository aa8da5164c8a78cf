import { resources } from '@argosy/kube'
import { controllerOf, type KeeperOptions, startKeeper } from '@argosy/kube/workload'
import { advanceCronJob } from './advance-cron-job.ts'
import type { CronJob, CronRun } from './cron-job.ts'

/** Makes the Jobs of CronJobs when they are due, and deletes old ones. */
export function startCronJobController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<CronJob>(
    {
      component: 'cronjob-controller',
      resource: resources.cronJobs,
      with: [{ resource: resources.jobs }],
      decide: async (cron, reader) => {
        const { namespace = '', uid } = cron.metadata
        const jobs = await reader.all<CronRun>({ resource: resources.jobs, namespace })
        const mine = jobs.filter((job) => controllerOf(job)?.uid === uid)
        return advanceCronJob(cron, mine, reader.now)
      },
    },
    options,
  )
}
