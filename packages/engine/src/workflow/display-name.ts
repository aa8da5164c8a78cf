import type { Template } from '../spec/workflow.ts'

const annotation = 'workflows.argoproj.io/display-name'
const pattern = /^[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]$/

/** The name that a template gives its nodes by annotation, after substitution. argo: GetDisplayName. */
export function customDisplayName(
  template: Template,
): { readonly name: string } | { readonly problem: string } | undefined {
  const name = template.annotations?.[annotation]
  if (name === undefined || name === '') return undefined
  if (pattern.test(name)) return { name }
  return { problem: `displayName must match the regex ${pattern.source}` }
}

export function displayNameOf(template: Template): string | undefined {
  const named = customDisplayName(template)
  return named !== undefined && 'name' in named ? named.name : undefined
}
