import { isIP } from 'node:net'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { ip } from './rules.ts'

const rules: readonly (readonly [RegExp, string])[] = [
  [/^(0\.0\.0\.0|::)$/, 'may not be unspecified (SHOWN)'],
  [/^(127\.|::1$)/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(169\.254\.|fe[89ab].:)/i, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [
    /^(224\.0\.0\.|ff.2:)/i,
    'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ],
]

/** What is wrong with an address that others are to reach something by. */
export function addressFlaws(path: string, address: string): readonly Flaw[] {
  if (isIP(address) === 0) return ip(path, address)
  const rule = rules.find(([range]) => range.test(address))
  return rule ? [flawOf.invalid(path, address, rule[1].replace('SHOWN', address))] : []
}
