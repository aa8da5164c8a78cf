import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { byteLength } from '../go-text.ts'
import { parseVersion, satisfies, type Version } from './semver.ts'

/** Sprig's functions on semantic versions. */
export const semverFunctions: Readonly<Record<string, GoFunction>> = {
  semver: goFunction('string -> any', (text: string) => shown(text, versionOf(text))),
  semverCompare: goFunction('string, string -> bool', (constraint: string, text: string) => {
    const result = satisfies(constraint, () => versionOf(text))
    return typeof result === 'string' ? panic(result) : result
  }),
}

function versionOf(text: string): Version {
  if (byteLength(text) > 256) panic('version string is too long (max 256 bytes)')
  return parseVersion(text) ?? panic('invalid semantic version')
}

function shown(original: string, version: Version): Readonly<Record<string, GoFunction>> {
  const { major, minor, patch, prerelease, metadata } = version
  const suffix = (prerelease && `-${prerelease}`) + (metadata && `+${metadata}`)
  return {
    Major: goFunction('-> int', () => major),
    Minor: goFunction('-> int', () => minor),
    Patch: goFunction('-> int', () => patch),
    Prerelease: goFunction('-> string', () => prerelease),
    Metadata: goFunction('-> string', () => metadata),
    Original: goFunction('-> string', () => original),
    String: goFunction('-> string', () => `${major}.${minor}.${patch}${suffix}`),
  }
}
