import type { Json } from '../spec/json.ts'
import { fit } from '../spec/parse/shape.ts'
import type { Problem } from '../spec/problem.ts'
import type { Workflow, WorkflowSpec, WorkflowTemplate } from '../spec/workflow.ts'
import type { World } from './world.ts'

interface Typed {
  readonly spec: WorkflowSpec
  /** What is of another type than its field. */
  readonly problem: string | undefined
}

// Objects are frozen, and read again at each restart, edit and lookup.
const read = new WeakMap<object, Typed>()

/** A spec as its decoder would give it: whoever wrote it to the API may have given numbers for texts. */
export function typedSpec(spec: WorkflowSpec | undefined): Typed {
  if (spec === undefined) return { spec: {}, problem: undefined }
  const known = read.get(spec)
  if (known !== undefined) return known
  const problems: Problem[] = []
  const fitted = fit(spec as unknown as Json, 'WorkflowSpec', 'spec', problems)
  // Unknown fields are nobody's mistake here: a newer client may know them.
  const wrong = problems.find(({ message }) => !message.startsWith('unknown field '))
  const typed: Typed = {
    spec: (fitted ?? {}) as WorkflowSpec,
    problem: wrong && `${wrong.path}: ${wrong.message}`,
  }
  read.set(spec, typed)
  return typed
}

export function typedWorkflow(workflow: Workflow): Workflow {
  const { spec } = typedSpec(workflow.spec)
  return spec === workflow.spec ? workflow : { ...workflow, spec }
}

/** The same world, its templates typed. */
export function typedWorld(world: World): World {
  return { ...world, template: (ref) => typedTemplate(world.template(ref)) }
}

function typedTemplate(template: WorkflowTemplate | undefined): WorkflowTemplate | undefined {
  if (template === undefined) return undefined
  const { spec } = typedSpec(template.spec)
  return spec === template.spec ? template : { ...template, spec }
}
