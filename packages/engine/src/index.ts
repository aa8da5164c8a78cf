export type * from './spec/json.ts'
export { isObject, pointerSegment } from './spec/json.ts'
export type * from './spec/meta.ts'
export {
  parseClusterWorkflowTemplate,
  parseWorkflow,
  parseWorkflowTemplate,
} from './spec/parse/parse-workflow.ts'
export type * from './spec/pod.ts'
export type * from './spec/problem.ts'
export type * from './spec/status.ts'
export type { MergeRules } from './spec/strategic-merge.ts'
export { strategicMerge } from './spec/strategic-merge.ts'
export { podSpecMergeRules } from './spec/strategic-merge-pod.table.ts'
export { formatTime, parseTime } from './spec/time.ts'
export type * from './spec/workflow.ts'
export type { Run } from './workflow/advance.ts'
export { advance, load } from './workflow/advance.ts'
export type * from './workflow/decision.ts'
export { podExpiry, workflowExpiry } from './workflow/garbage.ts'
export { hasEnded, isReleased } from './workflow/pod-ended.ts'
export { unsupported } from './workflow/validate/supported.ts'
export { validateWorkflow } from './workflow/validate/validate-workflow.ts'
export type { World } from './workflow/world.ts'
