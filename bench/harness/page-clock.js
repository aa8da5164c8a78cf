// Runs in the page that is measured, before the page's own programs. All times are milliseconds since it was asked for.
const clock = { painted, pan, awaitKey, lastBytesAt: 0 }
Object.assign(window, { benchClock: clock })

const { read } = ReadableStreamDefaultReader.prototype
ReadableStreamDefaultReader.prototype.read = async function () {
  const result = await read.call(this)
  clock.lastBytesAt = performance.now()
  return result
}

/** Resolves when what `selector` names is there and has been painted. */
async function painted(selector) {
  await found(selector)
  return afterPaint()
}

function found(selector) {
  const isThere = () => document.querySelector(selector) !== null
  return new Promise((resolve) => {
    if (isThere()) return resolve()
    const watch = new MutationObserver(() => {
      if (!isThere()) return
      watch.disconnect()
      resolve()
    })
    watch.observe(document, { subtree: true, childList: true, attributes: true })
  })
}

/** A message is handled after the frame that was asked for before it has been painted. */
function afterPaint() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(performance.now())
      port2.postMessage(undefined)
    })
  })
}

/** Moves the graph with every frame, forth and back; resolves to how long each frame took. */
function pan(frames) {
  const graph = document.querySelector('.graph')
  const { left, top } = graph.getBoundingClientRect()
  const at = { clientX: left + 300, clientY: top + 300, bubbles: true, cancelable: true }
  const taken = []
  let before = 0
  return new Promise((resolve) => {
    const step = (now) => {
      if (before > 0) taken.push(now - before)
      before = now
      if (taken.length === frames) return resolve(taken)
      const back = taken.length % 120 >= 60 ? -1 : 1
      graph.dispatchEvent(new WheelEvent('wheel', { ...at, deltaX: back * 45, deltaY: back * 20 }))
      requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })
}

/** Waits for the next press of a key: `keyed` is then how long it took until what it leaves had been painted. */
function awaitKey() {
  clock.keyed = new Promise((resolve) => {
    const pressed = async ({ timeStamp }) => resolve((await settled()) - timeStamp)
    window.addEventListener('keydown', pressed, { capture: true, once: true })
  })
}

/** The end of the last frame in which the page still changed. */
async function settled() {
  const begin = performance.now()
  let last = begin
  let changed = false
  const watch = new MutationObserver(() => {
    changed = true
  })
  watch.observe(document, { subtree: true, childList: true, characterData: true })
  for (let still = 0; still < 3; still++) {
    const now = await afterPaint()
    if (changed) last = now
    // Ages grow once a second: what changes that late is not of this key.
    if (changed && now - begin < 900) still = -1
    changed = false
  }
  watch.disconnect()
  return last
}
