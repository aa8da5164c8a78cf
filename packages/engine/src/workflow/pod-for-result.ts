import { goRawJson } from '../expr/tags-go-json.ts'
import type { Template, WorkflowSpec } from '../spec/workflow.ts'
import type { Archive } from './artifact-repository.ts'
import { ownProgram } from './own-program.ts'

/** Whether a step needs staging or reporting around its containers; a plain container needs none. */
export function needsExecutor(template: Template, includeResult: boolean): boolean {
  const { script, containerSet, inputs, outputs, archiveLocation } = template
  return (
    ownProgram(template) !== undefined ||
    includeResult ||
    script !== undefined ||
    containerSet !== undefined ||
    (inputs?.artifacts?.length ?? 0) > 0 ||
    (outputs?.parameters?.length ?? 0) > 0 ||
    (outputs?.artifacts?.length ?? 0) > 0 ||
    archiveLocation?.archiveLogs === true
  )
}

/** argo: IsArchiveLogs. The controller's "on" outranks all; then the template's word, then the workflow's. */
export function archivesLogs(
  { archiveLocation }: Template,
  spec: WorkflowSpec,
  repository: Archive | undefined,
): boolean {
  if (repository?.archiveLogs) return true
  return archiveLocation?.archiveLogs ?? spec.archiveLogs ?? false
}

interface Mentions {
  readonly dotted: ReadonlySet<string>
  readonly json: string
}

const mentions = new WeakMap<Template, Mentions>()

/** Whether the enclosing template's text mentions the `outputs.result` of one of its steps. */
export function capturesResult(boundaryTemplate: Template, stepName: string): boolean {
  const { dotted, json } = mentionsIn(boundaryTemplate)
  if (dotted.has(stepName)) return true
  const root = boundaryTemplate.dag ? 'tasks' : 'steps'
  // In JSON text a double quote stands behind a backslash; only single quotes can be found like this.
  return json.includes(`${root}['${stepName}'].outputs`) && bracketed(root, stepName).test(json)
}

function bracketed(root: string, stepName: string): RegExp {
  return new RegExp(`${root}\\['${stepName}'\\]\\.outputs.result`)
}

// One search finds every step at once: a DAG with 10,000 tasks asks 10,000 times.
function mentionsIn(template: Template): Mentions {
  const known = mentions.get(template)
  if (known !== undefined) return known
  const json = goRawJson(template)
  const root = template.dag ? 'tasks' : 'steps'
  const pattern = new RegExp(`${root}\\.([a-zA-Z0-9][-_a-zA-Z0-9]*)\\.outputs\\.result`, 'g')
  const dotted = new Set<string>()
  for (const [, name = ''] of json.matchAll(pattern)) dotted.add(name)
  const made = { dotted, json: /\['/.test(json) ? json : '' }
  mentions.set(template, made)
  return made
}
