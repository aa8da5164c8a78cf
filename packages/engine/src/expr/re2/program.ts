import type { Assertion, CharTest, Regex, Repeat } from './syntax.ts'

/** One instruction; `next` and `other` are indexes, `next` is preferred. */
export interface Instruction {
  op: 'char' | 'literal' | 'match' | 'split' | 'save' | 'assert' | 'jump'
  next: number
  other: number
  code: number
  test: CharTest
  assertion: Assertion
}

/** Compiles a tree to instructions; the first one is at 0. */
export function compileProgram(tree: Regex): readonly Instruction[] {
  const code: Instruction[] = []
  emit(code, tree)
  push(code, 'match')
  return code
}

const never: CharTest = () => false

function push(
  code: Instruction[],
  op: Instruction['op'],
  parts: Partial<Instruction> = {},
): Instruction {
  const next = code.length + 1
  const instruction = {
    op,
    next,
    other: -1,
    code: 0,
    test: never,
    assertion: 'textStart' as const,
    ...parts,
  }
  code.push(instruction)
  return instruction
}

function emit(code: Instruction[], tree: Regex): void {
  switch (tree.kind) {
    case 'empty':
      return
    case 'char':
      push(code, 'char', { test: tree.test })
      return
    case 'literal':
      push(code, 'literal', { code: tree.code })
      return
    case 'assert':
      push(code, 'assert', { assertion: tree.assertion })
      return
    case 'cat':
      for (const part of tree.parts) emit(code, part)
      return
    case 'alt':
      emitAlternatives(code, tree.parts)
      return
    case 'group':
      push(code, 'save', { code: tree.index * 2 })
      emit(code, tree.body)
      push(code, 'save', { code: tree.index * 2 + 1 })
      return
    case 'repeat':
      emitRepeat(code, tree)
  }
}

function emitAlternatives(code: Instruction[], parts: readonly Regex[]): void {
  const ends: Instruction[] = []
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) {
      emit(code, part)
      break
    }
    const split = push(code, 'split')
    emit(code, part)
    ends.push(push(code, 'jump'))
    split.other = code.length
  }
  for (const end of ends) end.next = code.length
}

function emitRepeat(code: Instruction[], { body, min, max, greedy }: Repeat): void {
  for (let i = 0; i < min; i++) emit(code, body)
  if (max < 0) {
    emitStar(code, body, greedy)
    return
  }
  const splits: Instruction[] = []
  for (let i = min; i < max; i++) {
    splits.push(push(code, 'split'))
    emit(code, body)
  }
  for (const split of splits) leave(split, code.length, greedy)
}

function emitStar(code: Instruction[], body: Regex, greedy: boolean): void {
  const split = push(code, 'split')
  const at = code.length - 1
  emit(code, body)
  push(code, 'jump', { next: at })
  leave(split, code.length, greedy)
}

function leave(split: Instruction, exit: number, greedy: boolean): void {
  const inside = split.next
  split.next = greedy ? inside : exit
  split.other = greedy ? exit : inside
}
