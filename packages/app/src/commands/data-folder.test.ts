import { afterEach, expect, test, vi } from 'vitest'
import { defaultDataDir, folder } from './data-folder.ts'

afterEach(() => vi.unstubAllEnvs())

test('without a HOME things are kept in the home folder all the same, not where one happens to be', () => {
  for (const home of ['', undefined]) {
    vi.stubEnv('HOME', home)
    expect(defaultDataDir()).toMatch(/^\/.+\/\.argosy$/)
  }
  vi.stubEnv('HOME', '/home/ada')
  expect(defaultDataDir()).toBe('/home/ada/.argosy')
})

test('what is left of an unset variable is no folder', () => {
  expect(() => folder('')).toThrow('expected a folder')
  expect(folder('x')).toBe('x')
})
