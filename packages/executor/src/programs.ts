import type { BuiltIns } from './built-in.ts'
import { dataProgram } from './data/run-data.ts'
import { httpProgram } from './http/run-http.ts'
import { agentProgram } from './plugin/run-agent.ts'
import { pluginProgram } from './plugin/run-plugin.ts'
import { type Idle, resourceProgram } from './resource/run-resource.ts'

/** Our programs for the pods of templates that run none of the user's. */
export function executorPrograms(idle?: Idle): BuiltIns {
  return {
    agent: agentProgram,
    data: dataProgram,
    http: httpProgram,
    plugin: pluginProgram,
    resource: resourceProgram(idle),
  }
}
