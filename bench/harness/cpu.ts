import { readFileSync } from 'node:fs'

/** Seconds that this process's children (the launcher) and what they waited for have used. */
export function childCpu(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ')
  const ticks = pids.filter(Boolean).map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  })
  return ticks.reduce((sum, tick) => sum + tick, 0) / 100
}

/** Bytes that this process has handed to the kernel in writes. */
export function bytesWritten(): number {
  const io = readFileSync('/proc/self/io', 'utf8')
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0)
}
