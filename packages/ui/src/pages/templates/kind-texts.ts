import type { TemplateKind } from '../../state/routes.ts'

/** The words for each kind. */
export const kindTexts: Readonly<
  Record<
    TemplateKind,
    {
      readonly title: string
      readonly noun: string
      readonly create: string
      readonly label: string
    }
  >
> = {
  'workflow-templates': {
    title: 'Templates',
    noun: 'template',
    create: 'argosy template create my-template.yaml',
    label: 'workflows.argoproj.io/workflow-template',
  },
  'cluster-workflow-templates': {
    title: 'Cluster templates',
    noun: 'cluster template',
    create: 'argosy cluster-template create my-template.yaml',
    label: 'workflows.argoproj.io/cluster-workflow-template',
  },
  'cron-workflows': {
    title: 'Schedules',
    noun: 'schedule',
    create: 'argosy cron create my-schedule.yaml',
    label: 'workflows.argoproj.io/cron-workflow',
  },
}
