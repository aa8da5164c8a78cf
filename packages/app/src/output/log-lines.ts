export type LogFormat = 'text' | 'json'

/** Writes what a server has to say, a line each; `now` in milliseconds. */
export function logLines(
  stderr: { write(text: string): unknown },
  format: LogFormat,
  now: () => number,
): (line: string, level?: 'info' | 'debug') => void {
  return (line, level = 'info') => {
    const json = () => JSON.stringify({ time: new Date(now()).toISOString(), level, msg: line })
    stderr.write(format === 'json' ? `${json()}\n` : `argosy: ${line}\n`)
  }
}
