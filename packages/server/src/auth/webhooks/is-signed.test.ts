import { describe, expect, test } from 'vitest'
import { isSigned, type WebhookType } from './is-signed.ts'

const body = Buffer.from('Hello, World!')
/** From GitHub's documentation of webhooks: this secret, this payload. */
const secret = "It's a Secret to Everybody"
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

const ways: readonly (readonly [WebhookType, Record<string, string>])[] = [
  ['github', { 'x-github-event': 'push', 'x-hub-signature-256': signature }],
  ['gitlab', { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': secret }],
  ['bitbucket', { 'x-event-key': 'repo:push', 'x-hook-uuid': secret }],
  ['bitbucketserver', { 'x-event-key': 'repo:refs_changed', 'x-hub-signature': signature }],
]

describe.each(ways)('%s', (type, headers) => {
  const signed = (given: Record<string, string>, more: { body?: Buffer; secret?: string } = {}) =>
    isSigned({ type, secret, ...more }, { headers: given, body, ...more })

  test('is believed with its proof', () => {
    expect(signed(headers)).toBe(true)
  })

  test.each(Object.keys(headers))('is not believed without %s', (name) => {
    const { [name]: _, ...others } = headers
    expect(signed(others)).toBe(false)
  })

  test('is not believed with another secret, an empty one, or an empty body', () => {
    expect(signed(headers, { secret: 'x' })).toBe(false)
    expect(signed(headers, { secret: '' })).toBe(false)
    expect(signed(headers, { body: Buffer.alloc(0) })).toBe(false)
  })

  test('is not believed by the way of another', () => {
    const others = ways.filter(([other]) => other !== type && !/bucket/.test(other + type))
    for (const [other] of others) {
      expect(isSigned({ type: other, secret }, { headers, body })).toBe(false)
    }
  })
})

test.each(['github', 'bitbucketserver'] as const)('%s signs the very bytes', (type) => {
  const [, headers = {}] = ways.find(([one]) => one === type) ?? []
  expect(isSigned({ type, secret }, { headers, body: Buffer.from('Hello, World?') })).toBe(false)
})
