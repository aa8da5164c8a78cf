import { isObject } from '../../spec/json.ts'
import { didYouMean } from '../../spec/parse/nearest.ts'
import type { Template } from '../../spec/workflow.ts'
import {
  type Args,
  type Base,
  type Call,
  type Check,
  hasPlaceholder,
  type Place,
  placeWithin,
  type Site,
  within,
} from './check.ts'
import { undefinedTemplate } from './check-hooks.ts'
import { checkTemplate } from './check-template.ts'
import type { Finding } from './finding.ts'
import { isExpression, tagsIn } from './tags.ts'
import { kindsOf } from './template-kind.ts'

/** Validates what a call names; gives the template, unless it is unknown or known only at run time. */
export function visitTemplate(
  check: Check,
  call: Call,
  site: Site,
  args: Args,
): Template | undefined {
  const found = resolve(check, call, site)
  if (!found) return undefined
  const { template, base, place } = found
  const report = (inside: string, text: string) =>
    check.report(within(place, inside), site.chain, text)
  if (kindsOf(template).length === 0) {
    const hint = misplacedKind(template)
    report('', `template '${template.name ?? ''}' type is unknown${hint}`)
    return undefined
  }
  const policy = template.retryStrategy?.retryPolicy
  if (policy && !retryPolicies.includes(policy)) {
    const hint = didYouMean(policy, retryPolicies)
    report('.retryStrategy.retryPolicy', `${policy} is not a valid RetryPolicy${hint}`)
  }
  checkTemplate(
    { check, base, place, chain: site.chain, callPath: site.place.path },
    template,
    args,
  )
  return template
}

const retryPolicies = ['Always', 'OnFailure', 'OnError', 'OnTransientError']

interface Found {
  readonly template: Template
  readonly base: Base
  readonly place: Place
}

function resolve(check: Check, call: Call, site: Site): Found | undefined {
  const { template: name, templateRef, inline } = call
  const wrong = wrongCall(call, site)
  if (wrong) {
    check.report(within(site.place, wrong[0]), site.chain, wrong[1])
    return undefined
  }
  if (templateRef && isUnresolved(templateRef)) return undefined
  if (inline)
    return { template: inline, base: site.base, place: placeWithin(site.place, '.inline') }
  if (templateRef) return fromReference(check, templateRef, site)
  return name ? local(name, site) : undefined
}

function wrongCall({ template: name, templateRef, inline }: Call, site: Site): Finding | undefined {
  if (!templateRef) {
    if (!name) return inline ? undefined : ['', 'failed to get a template']
    if (indexOf(site.base).has(name)) return undefined
    return ['.template', undefinedTemplate(name, site.base.spec.templates) ?? '']
  }
  if (name) return ['.template', 'template name cannot be specified with templateRef']
  if (!templateRef.name) return ['.templateRef', 'resource name is required']
  return templateRef.template ? undefined : ['.templateRef', 'template name is required']
}

function isUnresolved(ref: NonNullable<Call['templateRef']>): boolean {
  return [ref.name, ref.template].some((text) =>
    tagsIn(text ?? '').some((tag) => !isExpression(tag)),
  )
}

function local(name: string, site: Site): Found | undefined {
  const { base } = site
  const index = indexOf(base).get(name)
  const template = base.spec.templates?.[index ?? -1]
  if (!template || index === undefined) return undefined
  const place =
    base.kind === 'Workflow' ? ownPlace(index) : { path: site.place.path, foreign: true }
  return { template, base, place }
}

const indexes = new WeakMap<Base, ReadonlyMap<string, number>>()

/** Templates by name; of two with one name the first counts. */
function indexOf(base: Base): ReadonlyMap<string, number> {
  const known = indexes.get(base)
  if (known) return known
  const index = new Map<string, number>()
  for (const [at, { name = '' }] of (base.spec.templates ?? []).entries()) {
    if (!index.has(name)) index.set(name, at)
  }
  indexes.set(base, index)
  return index
}

const ownPlace = (index: number): Place => ({ path: `spec.templates[${index}]`, foreign: false })

function fromReference(
  check: Check,
  ref: NonNullable<Call['templateRef']>,
  site: Site,
): Found | undefined {
  const { name = '', template: wanted = '', clusterScope = false } = ref
  const path = within(site.place, '.templateRef')
  const holder = check.world.template({ name, clusterScope })
  const template = holder?.spec.templates?.find((each) => each.name === wanted)
  if (!holder || !template) {
    if (hasPlaceholder(wanted)) return undefined
    const known = holder?.spec.templates?.flatMap((each) => each.name ?? []) ?? []
    const absent = holder === undefined ? check.world.missing?.({ name, clusterScope }) : undefined
    const text = `template reference ${name}.${wanted} not found${didYouMean(wanted, known)}`
    check.report(path, site.chain, absent ?? text)
    return undefined
  }
  const kind = clusterScope ? 'ClusterWorkflowTemplate' : 'WorkflowTemplate'
  return { template, base: { kind, name, spec: holder.spec }, place: { path, foreign: true } }
}

/** A misspelt type, as `dags:`, is an unknown field; say so where the template is refused. */
function misplacedKind(template: Template): string {
  const kinds = [
    'container',
    'script',
    'steps',
    'dag',
    'suspend',
    'resource',
    'http',
    'data',
    'plugin',
  ]
  const others = Object.entries(template).filter(
    ([, value]) => isObject(value) || Array.isArray(value),
  )
  for (const [field] of others) {
    const hint = didYouMean(field, kinds)
    if (hint !== '') return ` ("${field}"${hint})`
  }
  return ''
}
