import type { FieldSelector, Workflow } from '@argosy/engine'
import { type Paint, plain } from '../output/paint.ts'
import { workflowView } from '../text/workflow-view.ts'

export type ViewFormat = 'name' | 'json' | 'yaml' | 'short' | 'wide'

interface PrintOptions {
  readonly format: ViewFormat | undefined
  readonly now: number
  readonly paint?: Paint
  readonly utf8?: boolean
  readonly select?: FieldSelector
}

/** One workflow in the form that is asked for. */
export async function workflowText(workflow: Workflow, options: PrintOptions): Promise<string> {
  const { format, now, paint = plain, utf8 = true, select } = options
  if (format === 'name') return `${workflow.metadata.name}\n`
  if (format === 'json' || format === 'yaml') {
    const { jsonText, yamlText } = await import('../text/objects.ts')
    return format === 'json' ? jsonText(workflow) : yamlText(workflow)
  }
  return workflowView(workflow, {
    ...{ now, paint, utf8, format: format ?? 'plain' },
    ...(select && { select }),
  })
}
