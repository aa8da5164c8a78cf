/** The metrics of upstream's controller that are told here, by their names without `argo_workflows_`. */
export const families = {
  cronworkflows_triggered_total: {
    ...{ type: 'counter', help: 'How many workflows schedules have started' },
  },
  gauge: { type: 'gauge', help: 'How many workflows are in each phase' },
  is_leader: { type: 'gauge', help: '1: this controller acts' },
  pods_gauge: { type: 'gauge', help: 'How many pods of workflows are in each phase' },
  pods_total_count: { type: 'counter', help: 'How many pods of workflows have come to each phase' },
  total_count: { type: 'counter', help: 'How many workflows have come to each phase' },
  version: { type: 'gauge', help: 'Which controller this is' },
  workflow_condition: { type: 'gauge', help: 'How many workflows are in each condition' },
  workflowtemplate_runtime: {
    ...{ type: 'histogram', help: 'How long workflows of a template ran, in seconds' },
    buckets: [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000],
  },
  workflowtemplate_triggered_total: {
    ...{ type: 'counter', help: 'How many workflows of a template have come to each phase' },
  },
} as const

export type FamilyName = keyof typeof families
