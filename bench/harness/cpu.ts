import { readFileSync } from 'node:fs'

/** Seconds that a process's children (the launcher) and what they waited for have used. */
export function childCpu(pid = process.pid): number {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return pids.filter(Boolean).reduce((sum, child) => sum + seconds(child, 15), 0)
}

/** Seconds that a process itself has used. */
export function processCpu(pid: number): number {
  return seconds(String(pid), 13)
}

/** Its own time, and up to field 15 that of the children that it waited for. */
function seconds(pid: string, end: 13 | 15): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, end).reduce((sum, field) => sum + Number(field), 0) / 100
}

/** The most megabytes that a process has had resident. */
export function peakMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return (Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024) / 1e6
}

/** Bytes that this process has handed to the kernel in writes. */
export function bytesWritten(): number {
  const io = readFileSync('/proc/self/io', 'utf8')
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0)
}
