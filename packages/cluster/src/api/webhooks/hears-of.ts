import { isObject, type JsonObject, matchesLabelSelector } from '@argosy/engine'
import { objectAt } from '../parts/table/at.ts'
import type { Webhook } from './webhook.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE'

/** A write that webhooks may be asked about. */
export interface ReviewedWrite {
  readonly operation: Operation
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly subresource?: string | undefined
  readonly namespaced: boolean
}

/** What a write is about, for selectors. */
export interface ReviewedObjects {
  readonly object: JsonObject | undefined
  readonly old: JsonObject | undefined
  /** Labels of the namespace that it is in, or that it is; absent for other objects of no namespace. */
  readonly namespaceLabels: JsonObject | undefined
}

/** Whether a webhook wants to know of such writes at all. */
export function isConcerned({ rules }: Webhook, write: ReviewedWrite): boolean {
  return rules.some(
    (rule) =>
      includes(rule.operations, write.operation) &&
      includes(rule.apiGroups, write.group) &&
      includes(rule.apiVersions, write.version) &&
      rule.resources.some((resource) => isResource(resource, write)) &&
      isInScope(rule.scope, write),
  )
}

/** Whether its selectors let it hear of this very write. */
export function isSelected(webhook: Webhook, { object, old, namespaceLabels }: ReviewedObjects) {
  const isInNamespace =
    namespaceLabels === undefined || selects(webhook.namespaceSelector, namespaceLabels)
  return (
    isInNamespace &&
    [object, old].some((one) => one !== undefined && selects(webhook.objectSelector, labelsOf(one)))
  )
}

function includes(list: readonly string[], word: string): boolean {
  return list.includes('*') || list.includes(word)
}

/** A pattern is a resource (`pods`), or a part of it (`pods/status`); both may be a star. */
function isResource(pattern: string, { plural, subresource = '' }: ReviewedWrite): boolean {
  const [resource = '', part = ''] = pattern.split('/')
  return (resource === '*' || resource === plural) && (part === '*' || part === subresource)
}

/** A namespace is of no namespace. */
function isInScope(scope: string, { namespaced, plural, group }: ReviewedWrite): boolean {
  const isNamespaced = namespaced && !(plural === 'namespaces' && group === '')
  return scope === '*' || scope === (isNamespaced ? 'Namespaced' : 'Cluster')
}

function selects(selector: JsonObject, labels: JsonObject): boolean {
  return matchesLabelSelector(selector, labels as Readonly<Record<string, string>>)
}

export function labelsOf(object: JsonObject): JsonObject {
  const metadata = object['metadata']
  return isObject(metadata) ? objectAt(metadata, 'labels') : {}
}
