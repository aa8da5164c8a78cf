import { arch, platform } from 'node:process'

/** What clients take us for: decides which of their checks and features they use. */
export const kubernetesVersion = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.0+argosy',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'node',
  platform: `${platform}/${arch === 'x64' ? 'amd64' : arch}`,
} as const

/** Paths that say whether we are well. */
export const healthPaths = ['/healthz', '/livez', '/readyz']

/** What a health path says; the long form when asked for. */
export function healthText(path: string, isVerbose: boolean): string {
  return isVerbose ? `[+]ping ok\n[+]store ok\n${path.slice(1)} check passed\n` : 'ok'
}
