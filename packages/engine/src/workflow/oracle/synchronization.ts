import type { SynchronizationStatus } from '../../spec/synchronization.ts'
import { isMutex, shownName } from '../locks/lock-item.ts'
import type { Board } from './board.ts'

/** What the nodes of a workflow hold and wait for. */
export function synchronizationOf({ book }: Board): SynchronizationStatus | undefined {
  const held = book?.held() ?? []
  const wanted = (book?.wanted() ?? []).map((name) => [name, book?.holdersOf(name) ?? []] as const)
  const mutexes = held.filter(([name]) => isMutex(name))
  const others = [...new Set(held.map(([name]) => name))].filter((name) => !isMutex(name))
  const mutexWaits = wanted.filter(([name, [first]]) => isMutex(name) && first !== undefined)
  const waits = wanted.filter(([name]) => !isMutex(name))
  const mutex = {
    ...(mutexes.length > 0 && {
      holding: mutexes.map(([name, holder]) => ({ mutex: shownName(name), holder })),
    }),
    ...(mutexWaits.length > 0 && {
      waiting: mutexWaits.map(([name, holders]) => ({
        mutex: shownName(name),
        holder: holders[0] ?? '',
      })),
    }),
  }
  const semaphore = {
    ...(others.length > 0 && {
      holding: others.map((name) => ({
        semaphore: shownName(name),
        holders: held.flatMap(([lock, holder]) => (lock === name ? [holder] : [])).sort(),
      })),
    }),
    ...(waits.length > 0 && {
      waiting: waits.map(([name, holders]) => ({
        semaphore: shownName(name),
        ...(holders.length > 0 && { holders }),
      })),
    }),
  }
  const all = {
    ...(Object.keys(semaphore).length > 0 && { semaphore }),
    ...(Object.keys(mutex).length > 0 && { mutex }),
  }
  return Object.keys(all).length > 0 ? all : undefined
}
