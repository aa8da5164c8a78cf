import type { Metadata, Template } from '../spec/workflow.ts'
import { strategicMerge } from './effective-spec-merge.ts'
import { kindOf, templateKinds } from './templates-type.ts'

/** `templateDefaults` under a template; of the defaults for a type only those of the template's own count. */
export function withDefaults(template: Template, defaults: Template): Template {
  const own = kindOf(template)
  const applicable = Object.entries(defaults).filter(
    ([key]) => key === own || !(templateKinds as readonly string[]).includes(key),
  )
  return strategicMerge(Object.fromEntries(applicable) as Template, template)
}

/** The podMetadata of the object that a template comes from, under the template's own. */
export function withPodMetadata(template: Template, metadata: Metadata | undefined): Template {
  if (metadata === undefined) return template
  const { labels, annotations } = metadata
  const own = template.metadata
  return {
    ...template,
    metadata: {
      ...own,
      ...(labels && { labels: { ...labels, ...own?.labels } }),
      ...(annotations && { annotations: { ...annotations, ...own?.annotations } }),
    },
  }
}
