import { expect, test } from 'vitest'
import { chooseAccount } from './choose-account.ts'
import type { Claims } from './claims.ts'

const rule = 'workflows.argoproj.io/rbac-rule'

function account(name: string, text?: string, precedence?: string) {
  const annotations = {
    ...(text !== undefined && { [rule]: text }),
    ...(precedence !== undefined && { [`${rule}-precedence`]: precedence }),
  }
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: 'n', annotations },
  }
}

const ada: Claims = { iss: 'argo-server', sub: 'ada', email: 'ada@x.org', groups: ['admins'] }
const chosen = (claims: Claims, ...accounts: ReturnType<typeof account>[]) => {
  const found = chooseAccount(claims, accounts)
  return found && ('problem' in found ? found.problem : found.name)
}

test.each([
  ["'admins' in groups", true],
  ["sub == 'ada' && iss == 'argo-server'", true],
  ["email matches '@x[.]org$'", true],
  ["any(groups, {# startsWith 'adm'})", true],
  ["'devs' in groups || name != ''", false],
  ['len(groups) > 1', false],
])('the rule %s is %s for Ada', (text, yes) => {
  expect(chosen(ada, account('a', text))).toBe(yes ? 'a' : undefined)
})

test('what somebody does not have is empty, not a mistake', () => {
  const nobody = { iss: 'argo-server', sub: 'x' }
  expect(chosen(nobody, account('a', "'admins' in groups || email != ''"))).toBeUndefined()
})

test('the highest precedence wins; what is no number counts as none; equals go by name', () => {
  const all = [
    account('b', 'true', '1'),
    account('z', 'true', '-1'),
    account('c', 'true', 'much'),
    account('a', 'true', '1'),
  ]
  expect(chosen(ada, ...all)).toBe('a')
  expect(chosen(ada, ...all.toReversed())).toBe('a')
  expect(chosen(ada, ...all.slice(1, 3))).toBe('c')
})

test('accounts without a rule are for nobody', () => {
  expect(chosen(ada, account('a'))).toBeUndefined()
})

test('a rule that is none keeps out whoever comes to it, and nobody who is let in before', () => {
  expect(chosen(ada, account('a', '1 + 1', '2'), account('b', 'true'))).toContain(
    'the rule of service account a cannot be used',
  )
  expect(chosen(ada, account('a', 'nonsense('), account('b', 'true', '2'))).toBe('b')
})
