import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that has to do with a folder. */
export interface FolderProcess {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** The processes that have a folder in their environment, arguments or mounts, or stand in it. Linux only. */
export function processesOf(folder: string): readonly FolderProcess[] {
  const pids = names('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    const at = (file: string) => textOf(`/proc/${pid}/${file}`)
    const command = at('cmdline').replaceAll('\0', ' ').trim()
    const isOurs = [command, at('environ'), at('mountinfo'), `${linkOf(`/proc/${pid}/cwd`)}/`].some(
      (text) => text.includes(folder),
    )
    // Its name, in brackets, may hold anything.
    const [, parent = '0'] = /.*\) \S+ (\d+)/.exec(at('stat')) ?? []
    return isOurs ? [{ pid: Number(pid), parent: Number(parent), command }] : []
  })
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // No Linux.
    return []
  }
}

/** Of one that has ended meanwhile, or is somebody else's, there is nothing. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
