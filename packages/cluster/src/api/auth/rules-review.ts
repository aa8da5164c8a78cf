import type { Identity } from '../http/identity.ts'
import type { Rbac } from './rbac.ts'

/** The status of a SelfSubjectRulesReview: what `kubectl auth can-i --list` shows. */
export function rulesStatus(rbac: Rbac, identity: Identity, namespace: string) {
  const rules = rbac.rulesFor(identity, namespace)
  const resourceRules = rules
    .filter(({ resources }) => resources)
    .map(({ nonResourceURLs: _, ...rule }) => rule)
  const nonResourceRules = rules.flatMap(({ nonResourceURLs, verbs }) =>
    nonResourceURLs ? [{ verbs, nonResourceURLs }] : [],
  )
  return { resourceRules, nonResourceRules, incomplete: false }
}
