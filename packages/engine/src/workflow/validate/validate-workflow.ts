import { isObject, type JsonObject } from '../../spec/json.ts'
import { didYouMean } from '../../spec/parse/nearest.ts'
import type { Problem } from '../../spec/problem.ts'
import type { Arguments, Workflow, WorkflowSpec, WorkflowTemplate } from '../../spec/workflow.ts'
import { type Base, type Check, type Mode, newCheck, type Site, type World } from './check.ts'
import { checkArguments } from './check-arguments.ts'
import { hookFindings, undefinedHookTemplate } from './check-hooks.ts'
import type { Finding } from './finding.ts'
import { workflowVariables } from './globals.ts'
import { isParameter, nameProblems } from './names.ts'
import { podResourceFindings } from './pod-resources.ts'
import { anyOutputArtifact } from './variables.ts'
import { visitTemplate } from './visit-template.ts'

/**
 * Everything that is wrong with a workflow (or a stored template), in the order in which upstream
 * would find it and in its words. Lint also says what upstream notices only while running.
 */
export function validateWorkflow(
  workflow: Workflow | WorkflowTemplate,
  world: World,
  mode: Mode,
): readonly Problem[] {
  const check = newCheck(mode, world, visitTemplate)
  const report = ([path, text]: Finding) => check.report(path, '', text)
  for (const finding of nameFindings(workflow)) report(finding)
  const whole = wholeOf(workflow, check)
  for (const { index, text } of nameProblems(workflow.spec.templates, 'field')) {
    report([`spec.templates[${index}]`, `spec.templates${text}`])
  }
  if (!whole) return check.problems

  const isTemplate = mode === 'template' || workflow.kind !== 'Workflow'
  checkArguments(whole.arguments, {
    check,
    place: { path: 'spec.arguments', foreign: false },
    chain: '',
    prefix: 'spec.arguments.',
    mayLackValues: mode === 'lint' || (isTemplate && mode !== 'submit'),
  })
  for (const name of workflowVariables(workflow, whole.stored?.spec, whole.arguments)) {
    check.globals.set(name[0], name[1] ?? check.placeholder())
  }
  checkEntrypoint(whole, isTemplate, check)
  checkOnExit(whole, check)
  for (const finding of specFindings(workflow.spec, mode)) report(finding)
  checkAllTemplates(whole, check)
  return check.problems
}

const longName: Readonly<Record<string, string>> = {
  WorkflowTemplate: 'workflow template',
  ClusterWorkflowTemplate: 'cluster workflow template',
}

function nameFindings({ kind, metadata }: Workflow | WorkflowTemplate): Finding[] {
  const { name = '' } = metadata
  if (name.length <= 63) return []
  const what = longName[kind] ?? 'workflow'
  const rule = `must not be more than 63 characters long (currently ${name.length})`
  return [['metadata.name', `${what} name "${name}" ${rule}`]]
}

/** A workflow together with the stored template that it is made from, if any. */
interface Whole {
  readonly spec: WorkflowSpec
  readonly base: Base
  readonly stored: WorkflowTemplate | undefined
  readonly entrypoint: string
  readonly arguments: Arguments
}

function wholeOf(workflow: Workflow | WorkflowTemplate, check: Check): Whole | undefined {
  const { spec, metadata } = workflow
  const ref = spec.workflowTemplateRef
  const name = workflow.kind === 'Workflow' ? (metadata.name ?? '') : ''
  const base: Base = { kind: 'Workflow', name, spec }
  const own = { spec, base, entrypoint: spec.entrypoint ?? '', arguments: spec.arguments ?? {} }
  if (!ref) return { ...own, stored: undefined }
  if (spec.templates?.length) {
    const text =
      'Templates is invalid field in spec if workflow referred WorkflowTemplate reference'
    check.report('spec.templates', '', text)
    return undefined
  }
  const { name: storedName, clusterScope = false } = ref
  const stored = check.world.template({ name: storedName, clusterScope })
  if (!stored) {
    const plural = clusterScope ? 'clusterworkflowtemplates' : 'workflowtemplates'
    const text = check.world.missing?.({ name: storedName, clusterScope })
    const absent = text ?? `${plural}.argoproj.io "${storedName}" not found`
    check.report('spec.workflowTemplateRef', '', absent)
    return undefined
  }
  return {
    ...own,
    stored,
    entrypoint: own.entrypoint || (stored.spec.entrypoint ?? ''),
    arguments: mergeArguments(own.arguments, stored.spec.arguments),
  }
}

function mergeArguments(own: Arguments, stored: Arguments = {}): Arguments {
  return {
    parameters: firstByName(own.parameters, stored.parameters),
    artifacts: firstByName(own.artifacts, stored.artifacts),
  }
}

function firstByName<T extends { readonly name: string }>(
  own: readonly T[] = [],
  more: readonly T[] = [],
): T[] {
  const has = new Set(own.map(({ name }) => name))
  return [...own, ...more.filter(({ name }) => !has.has(name))]
}

/** The workflow itself calls a template: by name, or in the stored one. */
function callOf(name: string, { spec }: Whole) {
  const ref = spec.workflowTemplateRef
  return ref ? { templateRef: { ...ref, template: name } } : { template: name }
}

function siteOf(whole: Whole, field: string, chain = ''): Site {
  // The reference to a stored template stands in its own field, whoever uses it.
  const path = whole.stored ? 'spec.workflowTemplateRef' : field
  return { base: whole.base, place: { path, foreign: true }, chain }
}

function checkEntrypoint(whole: Whole, isTemplate: boolean, check: Check): void {
  const { entrypoint } = whole
  if (entrypoint === '') {
    if (!isTemplate) check.report('spec.entrypoint', '', 'spec.entrypoint is required')
    return
  }
  const args = isTemplate ? 'fake' : whole.arguments
  check.visit(callOf(entrypoint, whole), siteOf(whole, 'spec.entrypoint'), args)
}

function checkOnExit(whole: Whole, check: Check): void {
  const { spec, stored } = whole
  const onExit = spec.onExit || stored?.spec.onExit
  if (!onExit) return
  check.globals.set('workflow.failures', check.placeholder())
  const templates = [...(spec.templates ?? []), ...(stored?.spec.templates ?? [])]
  const names = templates.flatMap(
    ({ outputs }) => outputs?.artifacts?.map((each) => each.globalName ?? '') ?? [],
  )
  if (names.some(isParameter)) check.globals.set(anyOutputArtifact, 'true')
  check.visit(callOf(onExit, whole), siteOf(whole, 'spec.onExit'), spec.arguments ?? {})
}

const podGcStrategies = [
  'OnPodCompletion',
  'OnPodSuccess',
  'OnWorkflowCompletion',
  'OnWorkflowSuccess',
]

function specFindings(spec: WorkflowSpec, mode: Mode): Finding[] {
  return [
    ...hookFindings(spec.hooks, 'hooks').map(([at, text]): Finding => [`spec${at}`, text]),
    ...(mode === 'lint' && !spec.workflowTemplateRef ? hookTemplateFindings(spec) : []),
    ...podGcFindings(spec.podGC ?? {}),
    ...podResourceFindings(spec['podResources'], 'spec.podResources', 'spec.podResources'),
  ]
}

function hookTemplateFindings({ hooks, templates }: WorkflowSpec): Finding[] {
  return Object.entries(hooks ?? {}).flatMap(([name, hook]): Finding[] => {
    const text = undefinedHookTemplate(hook.template, templates)
    return text ? [[`spec.hooks.${name}.template`, `hooks.${name} ${text}`]] : []
  })
}

function podGcFindings(podGC: JsonObject): Finding[] {
  const findings: Finding[] = []
  const strategy = String(podGC['strategy'] ?? '')
  if (strategy !== '' && !podGcStrategies.includes(strategy)) {
    const hint = didYouMean(strategy, podGcStrategies)
    findings.push(['spec.podGC.strategy', `podGC.strategy unknown strategy '${strategy}'${hint}`])
  }
  const selector = podGC['labelSelector']
  const expressions = isObject(selector) ? selector['matchExpressions'] : undefined
  for (const [index, expression] of (Array.isArray(expressions) ? expressions : []).entries()) {
    const operator = isObject(expression) ? String(expression['operator'] ?? '') : ''
    if (['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) continue
    const at = `spec.podGC.labelSelector.matchExpressions[${index}]`
    const rule = `"${operator}" is not a valid label selector operator`
    findings.push([at, `podGC.labelSelector invalid: ${rule}`])
  }
  return findings
}

/** Every template, called by anyone or not. */
function checkAllTemplates(whole: Whole, check: Check): void {
  const { stored, spec } = whole
  for (const [index, { name = '' }] of ((stored ?? whole).spec.templates ?? []).entries()) {
    if (name === '' && !spec.workflowTemplateRef) continue
    const site = siteOf(whole, `spec.templates[${index}]`, `templates.${name} `)
    check.visit(callOf(name, whole), site, 'fake')
  }
}
