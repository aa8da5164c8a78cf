/** Milliseconds from any beginning, which no change of the clock touches. `performance` is a module that is loaded first. */
export function elapsedMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}
