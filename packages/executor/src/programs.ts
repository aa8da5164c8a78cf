import type { BuiltIns } from './built-in.ts'
import { type Idle, resourceProgram } from './resource/run-resource.ts'

/** Our programs for the pods of templates that run none of the user's. */
export function executorPrograms(idle?: Idle): BuiltIns {
  return { resource: resourceProgram(idle) }
}
