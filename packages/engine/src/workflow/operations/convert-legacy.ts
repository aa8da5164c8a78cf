import { isObject, type Json, type JsonObject } from '../../spec/json.ts'

/**
 * A manifest of Argo's as 4.0 wants it, whatever version it was written for: `schedule`, `mutex` and `semaphore` in their
 * plural forms. Other objects are what they were. argo: workflow/convert; it forgets unknown fields, and the old forms in
 * `templateDefaults` and in inline templates, which are converted here.
 */
export function convertLegacy(object: JsonObject): JsonObject {
  const { kind, spec } = object
  if (!isObject(spec)) return object
  if (kind === 'CronWorkflow') return { ...object, spec: cronSpec(spec) }
  return plainKinds.has(String(kind)) ? { ...object, spec: workflowSpec(spec) } : object
}

const plainKinds: ReadonlySet<string> = new Set([
  ...['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'],
])

/** Of both forms the old one wins. */
function cronSpec({ schedule, ...spec }: JsonObject): JsonObject {
  const { workflowSpec: inner } = spec
  return {
    ...spec,
    ...(typeof schedule === 'string' && schedule !== '' && { schedules: [schedule] }),
    ...(isObject(inner) && { workflowSpec: workflowSpec(inner) }),
  }
}

function workflowSpec(spec: JsonObject): JsonObject {
  const { templates, templateDefaults } = spec
  return {
    ...withLocks(spec),
    ...(Array.isArray(templates) && { templates: templates.map(ifObject(template)) }),
    ...(isObject(templateDefaults) && { templateDefaults: template(templateDefaults) }),
  }
}

function template(own: JsonObject): JsonObject {
  const { steps, dag } = own
  const groups = (group: Json): Json =>
    Array.isArray(group) ? group.map(ifObject(withInline)) : ifObject(groupOf)(group)
  return {
    ...withLocks(own),
    ...(Array.isArray(steps) && { steps: steps.map(groups) }),
    ...(isObject(dag) && { dag: groupOf(dag, 'tasks') }),
  }
}

/** A list of steps or tasks below a field. */
function groupOf(group: JsonObject, field = 'steps'): JsonObject {
  const all = group[field]
  return Array.isArray(all) ? { ...group, [field]: all.map(ifObject(withInline)) } : group
}

function withInline(task: JsonObject): JsonObject {
  const { inline } = task
  return isObject(inline) ? { ...task, inline: template(inline) } : task
}

/** Both forms count: the old one comes last. */
function withLocks<T extends JsonObject>(owner: T): JsonObject {
  const { synchronization } = owner
  if (!isObject(synchronization)) return owner
  const { mutex, semaphore, ...rest } = synchronization
  return {
    ...owner,
    synchronization: {
      ...rest,
      ...(isObject(semaphore) && { semaphores: [...listOf(rest['semaphores']), semaphore] }),
      ...(isObject(mutex) && { mutexes: [...listOf(rest['mutexes']), mutex] }),
    },
  }
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function ifObject(change: (one: JsonObject) => JsonObject): (value: Json) => Json {
  return (value) => (isObject(value) ? change(value) : value)
}
