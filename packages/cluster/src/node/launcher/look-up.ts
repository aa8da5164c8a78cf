import { accessSync, constants, statSync } from 'node:fs'

interface Surroundings {
  readonly path: string | undefined
  readonly workingDir: string
  /** Machine path of a path of the container. */
  readonly find: (path: string) => Promise<string | undefined>
}

/** Where the container's PATH has this program, or containerd's words for why it cannot run; as launcher.c. */
export async function lookUp(
  name: string,
  { path, workingDir, find }: Surroundings,
): Promise<{ readonly path: string } | { readonly problem: string }> {
  let denied = false
  for (const place of placesOf(name, path, workingDir)) {
    const file = await find(place)
    const stats = file === undefined ? undefined : statSync(file)
    if (file !== undefined && stats?.isFile() && canExecute(file)) return { path: place }
    denied ||= stats?.isFile() === true || (stats !== undefined && name.includes('/'))
  }
  return { problem: `exec: "${name}": ${denied ? 'permission denied' : absent(name)}` }
}

/** Root, too, may execute only what somebody may. */
export function canExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function placesOf(
  name: string,
  path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  workingDir: string,
): string[] {
  if (name === '') return []
  const dirs = name.includes('/') ? [''] : path.split(':').map((dir) => `${dir || '.'}/`)
  return dirs
    .map((dir) => dir + name)
    .map((at) => (at.startsWith('/') ? at : `${workingDir}/${at}`))
}

function absent(name: string): string {
  return name.includes('/')
    ? `stat ${name}: no such file or directory`
    : 'executable file not found in $PATH'
}
