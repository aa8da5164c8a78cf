import type { Template, TemplateKind } from '../spec/workflow.ts'

/** The kinds of template, in the order in which upstream looks when several are given. */
export const templateKinds = [
  'container',
  'containerSet',
  'steps',
  'dag',
  'script',
  'resource',
  'data',
  'suspend',
  'http',
  'plugin',
] as const satisfies readonly TemplateKind[]

export function kindOf(template: Template): TemplateKind | undefined {
  return templateKinds.find((kind) => template[kind] !== undefined && template[kind] !== null)
}

export function isTyped(template: Template): boolean {
  return kindOf(template) !== undefined
}
