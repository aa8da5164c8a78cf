import { setTimeout as delay } from 'node:timers/promises'
import type { Exit } from '../runtime.ts'
import type { Launcher, Started, Watched } from './launcher.ts'
import { bootId, type PidRecord, readExit } from './records.ts'

// A launcher of an earlier process writes the record just after the process is gone.
const recordWaitMs = 2_000

/** A container that another helper started: its end is read from its record. */
export async function takeOver(
  launcher: Pick<Launcher, 'watch'>,
  dir: string,
  record: PidRecord | undefined,
): Promise<Pick<Started, 'exited' | 'kill'>> {
  const lives = record && record.pid > 0 && record.bootId === (await bootId())
  const watched = lives ? launcher.watch(record.pid, record.startTime) : undefined
  return { exited: end(dir, watched), kill: (signal) => watched?.kill(signal) }
}

async function end(dir: string, watched: Watched | undefined): Promise<Exit> {
  // Invariant of launcher.c: the record may be there while the last processes of the container still end.
  await watched?.gone
  for (let waited = 0; ; waited += 10) {
    const exit = await readExit(dir)
    if (exit) return exit
    if (waited >= recordWaitMs) break
    await delay(10)
  }
  const startError = 'the container ended while nobody watched; its exit status was lost'
  return { code: 137, finishedAt: Date.now(), startError }
}
