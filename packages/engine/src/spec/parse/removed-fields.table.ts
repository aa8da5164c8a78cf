/** Fields that older versions of Argo knew, and what to write now: `Shape.field` → advice. */
export const removedFields: ReadonlyMap<string, string> = new Map([
  ['CronWorkflowSpec.schedule', 'removed in Argo Workflows 4; write the list "schedules" instead'],
  ['Synchronization.mutex', 'removed in Argo Workflows 4; write the list "mutexes" instead'],
  ['Synchronization.semaphore', 'removed in Argo Workflows 4; write the list "semaphores" instead'],
  [
    'WorkflowSpec.podPriority',
    'removed in Argo Workflows 4; write "podPriorityClassName" with the name of a PriorityClass instead',
  ],
  ['Template.priority', 'removed in Argo Workflows 4; write "priorityClassName" instead'],
  [
    'WorkflowSpec.ttlSecondsAfterFinished',
    'removed in Argo Workflows 3; write "ttlStrategy.secondsAfterCompletion" instead',
  ],
  ['Template.template', 'a template cannot be another one; call it from a step or a task'],
  ['Template.templateRef', 'a template cannot be another one; call it from a step or a task'],
  ['Template.arguments', 'arguments belong to the step or task that calls the template'],
])
