import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { pathSegment, subdomain } from './name-rules.ts'
import { oneOf, required } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'

const group = 'rbac.authorization.k8s.io'

type RoleCheck = (object: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

/** What is wrong with a Role. */
export const roleFlaws: RoleCheck = (object) => rulesFlaws(object, true)

/** What is wrong with a ClusterRole. */
export const clusterRoleFlaws: RoleCheck = (object) => {
  const path = 'aggregationRule.clusterRoleSelectors'
  const selectors = objectsAt(object, 'aggregationRule', 'clusterRoleSelectors')
  const isBare = at(object, 'aggregationRule') !== undefined && selectors.length === 0
  const why = 'at least one clusterRoleSelector required if aggregationRule is non-nil'
  return [
    ...rulesFlaws(object, false),
    ...(isBare ? [flawOf.required(path, why)] : []),
    ...selectors.flatMap((selector, index) => labelSelectorFlaws(selector, `${path}[${index}]`)),
  ]
}

function rulesFlaws(object: JsonObject, isNamespaced: boolean): readonly Flaw[] {
  return objectsAt(object, 'rules').flatMap((rule, index) =>
    ruleFlaws(rule, `rules[${index}]`, isNamespaced),
  )
}

function ruleFlaws(rule: JsonObject, path: string, isNamespaced: boolean): readonly Flaw[] {
  const has = (name: string) => textsAt(rule, name).length > 0
  const verbs = has('verbs')
    ? []
    : [flawOf.required(`${path}.verbs`, 'verbs must contain at least one value')]
  if (has('nonResourceURLs')) return [...verbs, ...urlFlaws(rule, path, isNamespaced)]
  return [
    ...verbs,
    ...(has('apiGroups')
      ? []
      : [
          flawOf.required(`${path}.apiGroups`, 'resource rules must supply at least one api group'),
        ]),
    ...(has('resources')
      ? []
      : [flawOf.required(`${path}.resources`, 'resource rules must supply at least one resource')]),
  ]
}

function urlFlaws(rule: JsonObject, path: string, isNamespaced: boolean): readonly Flaw[] {
  const urls = textsAt(rule, 'nonResourceURLs')
  const isMixed = ['apiGroups', 'resources', 'resourceNames'].some(
    (name) => textsAt(rule, name).length > 0,
  )
  const whys = [
    isNamespaced && 'namespaced rules cannot apply to non-resource URLs',
    isMixed && 'rules cannot apply to both regular resources and non-resource URLs',
  ]
  return whys
    .filter((why) => why !== false)
    .map((why) => flawOf.invalid(`${path}.nonResourceURLs`, urls, why))
}

/** What is wrong with a binding: to which role, and of whom. */
export const roleBindingFlaws: RoleCheck = (object, old) => bindingFlaws(object, old, true)
export const clusterRoleBindingFlaws: RoleCheck = (object, old) => bindingFlaws(object, old, false)

function bindingFlaws(
  object: JsonObject,
  old: JsonObject | undefined,
  isNamespaced: boolean,
): readonly Flaw[] {
  const { apiGroup, kind, name } = objectAt(object, 'roleRef')
  const isChanged = old !== undefined && !equalJson(at(object, 'roleRef'), at(old, 'roleRef'))
  const shown = { APIGroup: apiGroup, Kind: kind, Name: name } as JsonObject
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  return [
    ...oneOf([group])('roleRef.apiGroup', apiGroup),
    ...oneOf(kinds)('roleRef.kind', kind),
    ...required('roleRef.name', name),
    ...pathSegment('roleRef.name', name),
    ...objectsAt(object, 'subjects').flatMap((subject, index) =>
      subjectFlaws(subject, `subjects[${index}]`, isNamespaced),
    ),
    ...(isChanged ? [flawOf.invalid('roleRef', shown, 'cannot change roleRef')] : []),
  ]
}

function subjectFlaws(subject: JsonObject, path: string, isNamespaced: boolean): readonly Flaw[] {
  const { kind, name } = subject
  const apiGroup = textAt(subject, 'apiGroup')
  if (kind !== 'ServiceAccount')
    return [
      ...required(`${path}.name`, name),
      ...oneOf(['ServiceAccount', 'User', 'Group'])(`${path}.kind`, kind),
      ...(kind === 'User' || kind === 'Group' ? oneOf([group])(`${path}.apiGroup`, apiGroup) : []),
    ]
  return [
    ...required(`${path}.name`, name),
    ...subdomain(`${path}.name`, name),
    ...(apiGroup === '' ? [] : [flawOf.notSupported(`${path}.apiGroup`, apiGroup, [''])]),
    ...(isNamespaced ? [] : required(`${path}.namespace`, subject['namespace'])),
  ]
}
