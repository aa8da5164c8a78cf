import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeStateDir } from '@argosy/cluster'
import {
  bootId,
  type PidRecord,
  readPid,
} from '../../packages/cluster/src/node/launcher/records.ts'

/**
 * Ends the containers of all data directories in a folder, and removes what of these lies elsewhere: containers outlive
 * the servers that started them, and a test that is over starts none again.
 */
export async function endDataDirs(folder: string): Promise<void> {
  const boot = await bootId()
  for (const dataDir of (await namesIn(folder)).map((name) => join(folder, name))) {
    const containers = join(dataDir, 'containers')
    for (const name of await namesIn(containers)) await end(join(containers, name), boot)
    await removeStateDir(dataDir)
  }
}

async function end(dir: string, boot: string): Promise<void> {
  const record = await readPid(dir)
  if (record === undefined || record.bootId !== boot || !(await lives(record))) return
  // In a sandbox it is the first process, with which all others end; as a plain process it leads a group.
  for (const pid of [-record.pid, record.pid]) kill(pid)
  while (await lives(record)) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Whether it is that very process, and not one that has got its number since. */
async function lives({ pid, startTime }: PidRecord): Promise<boolean> {
  if (pid <= 0) return false
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // Its name, in brackets, may hold anything; the state and eighteen more fields come before the time.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state !== 'Z' && fields[18] === startTime
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It leads no group, or has ended.
  }
}

/** None where there is no folder. */
async function namesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => [])
}
