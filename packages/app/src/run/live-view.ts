import type { NodeStatus } from '@argosy/engine'
import type { Paint } from '../output/paint.ts'
import type { Progress } from '../output/progress.ts'
import { Screen, type Terminal } from '../output/screen.ts'
import { clip } from '../output/text-width.ts'
import { type Canvas, draw, headline } from '../tree/draw.ts'
import type { View } from './view.ts'

export interface LiveViewOptions {
  readonly out: Terminal
  readonly paint: Paint
  readonly now: () => number
  readonly format: 'tree' | 'wide'
  readonly podName: (workflow: string, node: NodeStatus) => string | undefined
}

/** Often enough for the eye. */
const frameMs = 80

/** For people: every workflow's tree, redrawn in place; logs and notes scroll by above it. */
export function liveView(options: LiveViewOptions): View {
  const screen = new Screen(options.out)
  const workflows = new Map<string, Progress>()
  let dirty = false
  let nextAt = 0
  let printed: string[] = []

  function frame(): void {
    const began = options.now()
    if (began < nextAt || (!dirty && !anyRunning())) return
    paint(screen.height)
    // A big tree takes its time to draw: never more than a tenth of it all.
    nextAt = began + Math.max(frameMs, 10 * (options.now() - began))
    if (!dirty) nextAt = Math.max(nextAt, began + 100)
    dirty = false
  }

  function paint(height: number): void {
    screen.print(printed)
    printed = []
    const shown = [...workflows.values()]
    const canvas = { ...options, columns: screen.columns, height }
    screen.draw(lines(shown, options.now(), canvas))
  }

  const anyRunning = () => [...workflows.values()].some((progress) => !progress.done)
  let timer: ReturnType<typeof setInterval> | undefined = setInterval(frame, frameMs)

  return {
    moved(progress) {
      workflows.set(progress.name, progress)
      dirty = true
    },
    note(text) {
      printed.push(options.paint.faint(text))
      dirty = true
    },
    log(text) {
      printed.push(...text)
      dirty = true
    },
    end() {
      if (!timer) return
      clearInterval(timer)
      timer = undefined
      paint(screen.height)
      screen.end()
    },
  }
}

/** Several workflows share the screen: each gets its part, those that ended well one line when it is narrow. */
function lines(shown: readonly Progress[], now: number, canvas: Canvas): readonly string[] {
  if (shown.length === 1 && shown[0]) return draw(shown[0], now, canvas)
  const open = shown.filter((progress) => progress.phase !== 'Succeeded')
  const closed = shown.length - open.length
  const each = Math.floor((canvas.height - closed) / Math.max(open.length, 1))
  const all = shown.flatMap((progress) => {
    if (progress.phase === 'Succeeded' || each < 4) return [headline(progress, now, canvas)]
    return draw(progress, now, { ...canvas, height: each })
  })
  const left = all.length - canvas.height
  if (left <= 0) return all
  return [...all.slice(0, canvas.height - 1), clip(`… ${left + 1} more lines`, canvas.columns)]
}
