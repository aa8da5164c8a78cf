import { existsSync, mkdirSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** Where compiled code is kept for the next process; undefined where no folder can be made. */
export function compiledFolder(): string | undefined {
  const folder = join(cacheFolder(), 'compiled')
  return isMade(folder) ? folder : undefined
}

function cacheFolder(): string {
  const home = homedir() || userInfo().homedir
  return join(process.env['XDG_CACHE_HOME'] || join(home, '.cache'), 'argosy')
}

/** One by one: what Node makes by itself never comes back from a place like /proc, where nothing can be made. */
function isMade(folder: string): boolean {
  if (existsSync(folder)) return true
  if (dirname(folder) === folder || !isMade(dirname(folder))) return false
  try {
    mkdirSync(folder)
  } catch {
    // Somebody else was faster, or it cannot be.
  }
  return existsSync(folder)
}
