import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import type { Impure } from './impure.ts'
import { dateFunctions } from './sprig-date.ts'
import { hashFunctions } from './sprig-hash.ts'
import { listFunctions } from './sprig-list.ts'
import { logicFunctions } from './sprig-logic.ts'
import { mapFunctions } from './sprig-map.ts'
import { numberFunctions } from './sprig-number.ts'
import { pathFunctions } from './sprig-path.ts'
import { randomFunctions } from './sprig-random.ts'
import { regexFunctions } from './sprig-regex.ts'
import { semverFunctions } from './sprig-semver.ts'
import { textFunctions } from './sprig-text.ts'
import { urlFunctions } from './sprig-url.ts'

/** Sprig's generic functions without env and expandenv; those that need more than computing refuse by name. */
export function sprigFunctions(impure: Impure | undefined): Readonly<Record<string, GoFunction>> {
  return {
    ...unavailable,
    ...textFunctions,
    ...numberFunctions,
    ...listFunctions,
    ...mapFunctions,
    ...logicFunctions,
    ...regexFunctions,
    ...pathFunctions,
    ...hashFunctions,
    ...semverFunctions,
    ...urlFunctions,
    ...dateFunctions(impure),
    ...randomFunctions(impure),
  }
}

const refused = [
  'bcrypt',
  'htpasswd',
  'genPrivateKey',
  'derivePassword',
  'buildCustomCert',
  'genCA',
  'genCAWithKey',
  'genSelfSignedCert',
  'genSelfSignedCertWithKey',
  'genSignedCert',
  'genSignedCertWithKey',
  'encryptAES',
  'decryptAES',
  'getHostByName',
] as const

const unavailable: Readonly<Record<string, GoFunction>> = Object.fromEntries(
  refused.map((name) => [
    name,
    goFunction('...any -> any', () => panic(`${name} is not available in expressions`)),
  ]),
)
