import type { Instruction } from './program.ts'
import type { Assertion } from './syntax.ts'

/** Start and end of every group, -1 where it took no part; the whole match comes first. */
export type Captures = readonly number[]

/*
 * Thompson's simulation with priorities (Pike): every position of the text is looked at once,
 * so the time is at most text × program whatever the pattern is.
 */

/** The leftmost match at or after `from`, preferring as Perl does. */
export function search(
  program: readonly Instruction[],
  text: string,
  from: number,
): Captures | undefined {
  let current: Threads = newThreads(program.length)
  let upcoming: Threads = newThreads(program.length)
  let best: Captures | undefined
  let position = positionAt(text, from)
  for (;;) {
    if (best === undefined) follow(program, current, text, position.at, 0, [position.at])
    if (current.count === 0) return best
    best = step(program, current, upcoming, position) ?? best
    if (position.code < 0) return best
    const swap = current
    current = upcoming
    upcoming = swap
    upcoming.count = 0
    position = positionAt(text, position.after)
  }
}

function positionAt(text: string, at: number): Position {
  const code = text.codePointAt(at) ?? -1
  return { text, code, at, after: at + (code > 0xffff ? 2 : 1) }
}

interface Threads {
  count: number
  readonly pcs: Int32Array
  readonly captures: Captures[]
  /** Which program counters are in the list: `index[pc] < count && pcs[index[pc]] === pc`. */
  readonly index: Int32Array
}

function newThreads(size: number): Threads {
  return { count: 0, pcs: new Int32Array(size), captures: [], index: new Int32Array(size) }
}

interface Position {
  readonly text: string
  readonly code: number
  readonly at: number
  readonly after: number
}

function step(
  program: readonly Instruction[],
  current: Threads,
  upcoming: Threads,
  position: Position,
): Captures | undefined {
  const { text, code, at, after } = position
  for (let i = 0; i < current.count; i++) {
    const instruction = program[current.pcs[i] ?? 0]
    const captures = current.captures[i] ?? []
    if (instruction === undefined) continue
    if (instruction.op === 'match') {
      // Threads after this one have lower priority.
      const found = captures.slice()
      found[1] = at
      return found
    }
    if (accepts(instruction, code))
      follow(program, upcoming, text, after, instruction.next, captures)
  }
  return undefined
}

function accepts(instruction: Instruction, code: number): boolean {
  if (code < 0) return false
  if (instruction.op === 'literal') return instruction.code === code
  return instruction.op === 'char' && instruction.test(code)
}

/** Adds a thread and all that it reaches without reading, in order of priority. */
function follow(
  program: readonly Instruction[],
  threads: Threads,
  text: string,
  at: number,
  start: number,
  captured: Captures,
): void {
  const pcs = [start]
  const saved: Captures[] = [captured]
  for (let pc = pcs.pop(); pc !== undefined; pc = pcs.pop()) {
    const captures = saved.pop() ?? captured
    const instruction = program[pc]
    if (instruction === undefined || !claim(threads, pc, captures)) continue
    switch (instruction.op) {
      case 'split':
        pcs.push(instruction.other, instruction.next)
        saved.push(captures, captures)
        break
      case 'jump':
        pcs.push(instruction.next)
        saved.push(captures)
        break
      case 'save':
        pcs.push(instruction.next)
        saved.push(withCapture(captures, instruction.code, at))
        break
      case 'assert':
        if (!holds(instruction.assertion, text, at)) break
        pcs.push(instruction.next)
        saved.push(captures)
        break
      default:
    }
  }
}

function claim(threads: Threads, pc: number, captures: Captures): boolean {
  const index = threads.index[pc] ?? 0
  if (index < threads.count && threads.pcs[index] === pc) return false
  threads.index[pc] = threads.count
  threads.pcs[threads.count] = pc
  threads.captures[threads.count] = captures
  threads.count++
  return true
}

function withCapture(captures: Captures, slot: number, at: number): Captures {
  const copy = captures.slice()
  while (copy.length < slot) copy.push(-1)
  copy[slot] = at
  return copy
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case 'textStart':
      return at === 0
    case 'textEnd':
      return at === text.length
    case 'lineStart':
      return at === 0 || text[at - 1] === '\n'
    case 'lineEnd':
      return at === text.length || text[at] === '\n'
    case 'wordBoundary':
      return isWord(text, at - 1) !== isWord(text, at)
    case 'noWordBoundary':
      return isWord(text, at - 1) === isWord(text, at)
  }
}

function isWord(text: string, at: number): boolean {
  return /^\w$/.test(text[at] ?? '')
}
