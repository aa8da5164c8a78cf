import type { Workflow } from '@argosy/engine'
import { type TableOptions, workflowTable } from '../text/workflow-table.ts'

/** A list of workflows in the form that is asked for. */
export async function workflowsText(
  workflows: readonly Workflow[],
  format: 'name' | 'json' | 'yaml' | 'wide' | undefined,
  options: TableOptions,
): Promise<string> {
  if (format === 'json' || format === 'yaml') {
    const { jsonText, yamlText } = await import('../text/objects.ts')
    if (workflows.length === 0) return '[]\n'
    return format === 'json' ? jsonText(workflows) : yamlText(workflows)
  }
  if (format === 'name' && workflows.length > 0) {
    return workflows.map(({ metadata }) => `${metadata.name}\n`).join('')
  }
  return workflowTable(workflows, options)
}
