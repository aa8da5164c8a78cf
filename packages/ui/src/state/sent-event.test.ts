import type { WorkflowEventBinding } from '@argosy/engine'
import { expect, test } from 'vitest'
import { headersOf, payloadOf, verdictsOf } from './sent-event.ts'

const binding = (name: string, selector: string): WorkflowEventBinding => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowEventBinding', metadata: { name } },
  spec: { event: { selector } },
})

const draft = (payload: string) => ({ namespace: 'n', discriminator: 'push', payload, headers: '' })

test('what each binding makes of an event is told before it is sent', () => {
  const bindings = [
    binding('yes', 'discriminator == "push" && payload.to == "main"'),
    binding('no', 'namespace == "other"'),
    binding('broken', 'payload.to && 1'),
    { ...binding('empty', ''), spec: undefined as never },
  ]
  expect(verdictsOf(bindings, draft('{"to": "main"}'))).toMatchObject([
    { binding: 'yes', meant: true },
    { binding: 'no', meant: false },
    { binding: 'broken', meant: false, refused: expect.stringContaining('failed to evaluate') },
    { binding: 'empty', meant: false, refused: 'it has no event' },
  ])
})

test('a payload that is no JSON is told, and nothing is none', () => {
  expect(payloadOf(' ')).toEqual({ payload: null })
  expect(payloadOf('{')).toHaveProperty('problem')
  expect(verdictsOf([binding('b', 'true')], draft('{'))).toEqual([])
})

test('headers that bindings can read are sent; any other line is told of', () => {
  const headers = 'X-GitHub-Event: push \n\nx-empty:'
  expect(headersOf(headers)).toEqual({ headers: { 'x-github-event': 'push', 'x-empty': '' } })
  for (const odd of ['authorization: me', 'x-none', 'x-ä: 1', 'x-a: ü']) {
    expect(headersOf(odd)).toHaveProperty('problem')
  }
  const github = binding('g', 'metadata["x-github-event"] == ["push"]')
  expect(verdictsOf([github], { ...draft(''), headers })).toMatchObject([{ meant: true }])
  expect(verdictsOf([github], { ...draft(''), headers: 'odd' })).toEqual([])
})
