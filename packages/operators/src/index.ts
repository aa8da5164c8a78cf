export type { WorkflowOperatorOptions } from './workflow/start-workflow-operator.ts'
export { startWorkflowOperator } from './workflow/start-workflow-operator.ts'
export type { Engine } from './workflow/workflow-runs.ts'
