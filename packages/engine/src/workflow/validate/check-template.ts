import type { JsonObject } from '../../spec/json.ts'
import type { Template } from '../../spec/workflow.ts'
import { locationProblems } from './artifacts.ts'
import { type Args, type Base, type Check, type Place, within } from './check.ts'
import { checkDag } from './check-dag.ts'
import { inputFindings, inputScope } from './check-inputs.ts'
import { checkLeaf } from './check-leaf.ts'
import { metricFindings } from './check-metrics.ts'
import { checkOutputs } from './check-outputs.ts'
import { checkSteps } from './check-steps.ts'
import type { Finding } from './finding.ts'
import { podResourceFindings } from './pod-resources.ts'
import { missingInputs, processArgs } from './process-args.ts'
import type { TemplateCheck } from './template-check.ts'
import { isLeaf, isPodKind, kindName, kindsOf } from './template-kind.ts'

/** Where a template is, and who calls it. */
export interface CalledAt {
  readonly check: Check
  readonly base: Base
  readonly place: Place
  readonly chain: string
  readonly callPath: string
}

/** A template with the arguments of one call: its form and its body once, what depends on the call each time. */
export function checkTemplate(at: CalledAt, template: Template, args: Args): void {
  const { check, place, chain, callPath } = at
  const title = `templates.${template.name ?? ''}`
  const report = ([inside, text]: Finding) => check.report(within(place, inside), chain, text)
  if (kindsOf(template).length > 1) {
    report(['', `${title} multiple template types specified. ${chooseOne}`])
    return
  }
  const key = visitKey(at, template)
  const isFirst = !check.visited.has(key)
  if (isFirst) formFindings(template, title).forEach(report)
  const missing = missingInputs(template, args)
  for (const text of missing) check.report(callPath, chain, `${title} ${text}`)
  // Its body is looked at when it is called with all that it needs.
  if (missing.length > 0 || (!isFirst && !dependsOnValues(template))) return

  const locals = localsOf(template)
  const called = processArgs(template, args, locals, check)
  calledFindings(called, title).forEach(report)
  if (!isFirst) return
  check.visited.add(key)
  const scope = new Set([...inputScope(template), ...locals, ...check.globals.keys()])
  checkBody({ ...at, template: called, title, scope })
}

/** Variables that only this template's own pod or attempt has. */
function localsOf(template: Template): string[] {
  return [
    ...(isPodKind(template) ? ['pod.name'] : []),
    ...(template.retryStrategy ? retryVariables : []),
  ]
}

// argo: inline templates have no name, so only the first of each scope has its body looked at.
function visitKey({ base }: CalledAt, { name = '' }: Template): string {
  return `${base.kind}/${base.name}/${name}`
}

const chooseOne =
  'choose one of: container, containerSet, steps, script, resource, dag, suspend, template, template ref'

const retryVariables = [
  'retries',
  'lastRetry.exitCode',
  'lastRetry.status',
  'lastRetry.duration',
  'lastRetry.message',
]

/** Whether other arguments may make something wrong that was right before. */
function dependsOnValues(template: Template): boolean {
  return Boolean(template.timeout || template.pendingTimeout || template['resourceClaims'])
}

/** What is wrong with a template however it is called. */
function formFindings(template: Template, title: string): Finding[] {
  const findings: Finding[] = []
  const kind = kindName(template)
  if (template['podResources'] !== undefined && (kind === 'HTTP' || kind === 'Plugin')) {
    const text = `${title}.podResources is not supported for ${kind} templates`
    findings.push(['.podResources', text])
  } else {
    findings.push(
      ...podResourceFindings(template['podResources'], '.podResources', `${title}.podResources`),
    )
  }
  findings.push(...inputFindings(template, title))
  for (const [index, { name }] of (template.initContainers ?? []).entries()) {
    if (!name)
      findings.push([`.initContainers[${index}]`, 'initContainers must all have container name'])
  }
  return findings
}

/** What may become wrong by the values of the inputs. */
function calledFindings(template: Template, title: string): Finding[] {
  const findings: Finding[] = []
  const kind = kindName(template)
  const claims = template['resourceClaims']
  if (Array.isArray(claims) && claims.length > 0 && !isPodKind(template)) {
    const text = `${title}.resourceClaims is not supported for ${kind} templates, which do not create a pod`
    findings.push(['.resourceClaims', text])
  }
  const { timeout, pendingTimeout, name = '' } = template
  if (timeout && !isLeaf(template)) {
    findings.push(['.timeout', `${kind} template doesn't support timeout field`])
  } else if (timeout && /^[+-]?\d+$/.test(timeout)) {
    findings.push(['.timeout', `${name} has invalid duration format in timeout`])
  }
  if (pendingTimeout && !isLeaf(template)) {
    findings.push(['.pendingTimeout', `${kind} template doesn't support pendingTimeout field`])
  }
  return findings
}

function checkBody(of: TemplateCheck): void {
  const { template, title, check, place, chain } = of
  if (template.steps) checkSteps(of)
  else if (template.dag) checkDag(of)
  else checkLeaf(of)
  checkOutputs(of)
  const findings = [
    ...locationProblems(template.archiveLocation ?? {}, `${title}.archiveLocation`).map(
      ([inside, text]): Finding => [`.archiveLocation${inside}`, text],
    ),
    ...metricFindings(template.metrics as unknown as JsonObject | undefined, title),
  ]
  for (const [inside, text] of findings) check.report(within(place, inside), chain, text)
}
