import { evaluateExpression, type KubeObject } from '@argosy/engine'
import type { Claims } from './claims.ts'

const ruleKey = 'workflows.argoproj.io/rbac-rule'
const precedenceKey = 'workflows.argoproj.io/rbac-rule-precedence'

export interface ChosenAccount {
  readonly namespace: string
  readonly name: string
  readonly precedence: number
}

/** No account, and why: a rule that cannot be read keeps everybody out, so that a mistake never widens rights. */
export interface NoAccount {
  readonly problem: string
}

/** A claim that somebody lacks is empty; upstream takes the rule for broken then, and keeps everybody out. */
const nobody = { groups: [], email: '', email_verified: false, name: '', preferred_username: '' }

/**
 * The ServiceAccount as which somebody acts: of those whose rule says yes the one of the highest precedence; undefined when
 * none does. Between equals upstream's choice is arbitrary; here the first by name. argo: gatekeeper.getServiceAccount.
 */
export function chooseAccount(
  claims: Claims,
  accounts: readonly KubeObject[],
): ChosenAccount | NoAccount | undefined {
  const ruled = accounts
    .filter(({ metadata }) => metadata.annotations?.[ruleKey] !== undefined)
    .map((account) => ({ account, precedence: precedenceOf(account) }))
    .sort((a, b) => b.precedence - a.precedence || (nameOf(a.account) < nameOf(b.account) ? -1 : 1))
  for (const { account, precedence } of ruled) {
    const { metadata } = account
    const result = evaluateExpression(metadata.annotations?.[ruleKey] ?? '', {
      ...nobody,
      ...claims,
    })
    const value = 'error' in result ? undefined : result.value
    if (typeof value !== 'boolean') {
      const why = 'error' in result ? result.error : 'it gives neither true nor false'
      return { problem: `the rule of service account ${nameOf(account)} cannot be used: ${why}` }
    }
    if (value) return { namespace: metadata.namespace ?? '', name: nameOf(account), precedence }
  }
  return undefined
}

function precedenceOf({ metadata }: KubeObject): number {
  const text = metadata.annotations?.[precedenceKey] ?? ''
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name ?? ''
}
