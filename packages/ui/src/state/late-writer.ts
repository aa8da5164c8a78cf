const restMs = 150

/** Writes the last of what it is given, a while after that; at once when asked to. */
export function lateWriter<T>(put: (value: T) => void) {
  let waiting: { readonly value: T; readonly timer: ReturnType<typeof setTimeout> } | undefined
  const forget = () => {
    clearTimeout(waiting?.timer)
    waiting = undefined
  }
  const write = () => {
    const last = waiting
    forget()
    if (last) put(last.value)
  }
  return {
    ...{ forget, write },
    soon(value: T) {
      forget()
      waiting = { value, timer: setTimeout(write, restMs) }
    },
  }
}
